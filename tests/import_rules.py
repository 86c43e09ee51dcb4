"""The import rule that import-linter lacks: an allow-list per room.

Its own contracts forbid named modules; a room that is built later would be allowed by default.
Here a room names what it may import, and everything else is refused, so "the standard library
only" can be said at all. Rooms that do not exist yet are simply kept.
"""

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

OURS = ("bot", "storage", "config")


class MayImportOnly(Contract):
    """The options, all but the first two optional:

    `importers` and `allowed`: our modules, with everything below them.
    `refused`: our modules that are not allowed after all, with everything below them.
    `libraries`: "any" or "none"; `forbidden_libraries`: not these, as they are imported.
    `except_importers`: patterns of module names that the rule passes over.
    `as_packages`: false for the importers without what is below them.
    """

    # Any: import-linter puts the parsed values where the class has its fields.
    importers: Any = fields.ListField(subfield=fields.StringField())
    allowed: Any = fields.ListField(subfield=fields.StringField())
    refused: Any = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    libraries: Any = fields.StringField(required=False, default="any")
    forbidden_libraries: Any = fields.ListField(
        subfield=fields.StringField(), required=False, default=[]
    )
    except_importers: Any = fields.ListField(
        subfield=fields.StringField(), required=False, default=[]
    )
    as_packages: Any = fields.BooleanField(required=False, default=True)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = sorted(
            (importer, imported, self._lines(graph, importer, imported))
            for importer in self._importing_modules(graph)
            for imported in graph.find_modules_directly_imported_by(importer)
            if not self._is_allowed(imported)
        )
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, lines in check.metadata["found"]:
            output.print_error(f"- {importer} -> {imported} (l.{lines})", bold=False)
        output.new_line()

    def _importing_modules(self, graph: ImportGraph) -> Iterator[str]:
        for module in sorted(graph.modules):
            inside = any(_is_within(module, name) for name in self.importers)
            named = module in self.importers
            excepted = any(fnmatchcase(module, pattern) for pattern in self.except_importers)
            if (inside if self.as_packages else named) and not excepted:
                yield module

    def _is_allowed(self, imported: str) -> bool:
        root = imported.split(".", maxsplit=1)[0]
        if root in OURS:
            allowed = any(_is_within(imported, name) for name in self.allowed)
            return allowed and not any(_is_within(imported, name) for name in self.refused)
        if root in sys.stdlib_module_names:
            return True
        return self.libraries == "any" and root not in self.forbidden_libraries

    @staticmethod
    def _lines(graph: ImportGraph, importer: str, imported: str) -> str:
        details = graph.get_import_details(importer=importer, imported=imported)
        return ", ".join(str(detail["line_number"]) for detail in details)


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
