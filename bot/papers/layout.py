"""How codes are laid out on paper. Apart: what draws them takes twenty megabytes of libraries."""

from enum import StrEnum


class Layout(StrEnum):
    """Eight cards on a page to cut out, or one page a person for the school's own mail."""

    CARDS = "8"
    LETTERS = "1"
