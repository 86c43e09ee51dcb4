# What a person types; CI types the same. Needs python3 (3.11 or later), git and make, nothing else.

PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python

# A stamp is named for what it stands for: when a requirements file changes, its stamp is missing.
sum     = $(shell cat $(1) | cksum | cut -d' ' -f1)
RUN_READY  := $(VENV)/.ready-$(call sum,requirements.txt)
DEV_READY  := $(VENV)/.ready-dev-$(call sum,requirements.txt requirements-dev.txt)

# The version of the tool that writes the lock files; it needs no place in the environment itself.
UV     := uv==0.13.9
LOCK   := $(VENV)-lock

.DEFAULT_GOAL := help
.PHONY: help install demo test check format lock bench clean FORCE
.SUFFIXES:

help:
	@echo 'make demo    start the example school on this machine: no token, no internet (ONCE=1: run through it and stop)'
	@echo 'make install set up what running the bot needs'
	@echo 'make test    run the tests'
	@echo 'make check   look at format, mistakes, types and import rules'
	@echo 'make format  put the code in its usual form'
	@echo 'make bench   measure'
	@echo 'make lock    choose the newest versions that fit pyproject.toml'
	@echo 'make clean   remove what these made'

install: $(RUN_READY)
	@echo 'Klaar / ready: $(PY) -m bot --help'

demo: $(RUN_READY)
	@$(PY) -m bot demo $(if $(ONCE),--once)

test: $(DEV_READY)
	@$(PY) -m pytest -q -n 3 $(ARGS)

check: $(DEV_READY)
	@echo '== format';       $(PY) -m ruff format --check .
	@echo '== mistakes';     $(PY) -m ruff check .
	@echo '== types';        $(PY) -m mypy
	@echo '== import rules'; $(PY) -c 'from importlinter.cli import lint_imports_command as run; run()'

format: $(DEV_READY)
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

bench: $(DEV_READY)
	@$(PY) -m tests.benchmarks $(ARGS)

# Resolved for every system and every Python from 3.11 on. Only names, versions and hashes are kept:
# no addresses and no paths, so that anyone's package index will do.
lock:
	@$(call need_python)
	@test -x $(LOCK)/bin/uv || { $(PYTHON) -m venv $(LOCK) && $(LOCK)/bin/python -m pip install --quiet --disable-pip-version-check $(UV); }
	@$(call resolve,requirements-dev.txt,--extra postgres --group dev)
	@$(call resolve,requirements.txt,--constraint requirements-dev.txt)

clean:
	rm -rf $(VENV) $(LOCK) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find bot storage config tests -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment whose interpreter has gone (a newer system Python, say) is made again.
GONE := $(if $(shell test -x $(PY) && echo there),,FORCE)

$(RUN_READY): $(GONE)
	@$(call need_python)
	@$(call install,requirements.txt,$(RUN_READY))

$(DEV_READY): $(GONE)
	@$(call need_python)
	@$(call install,requirements-dev.txt,$(DEV_READY) $(RUN_READY))

FORCE:

define need_python
	command -v $(PYTHON) >/dev/null || { \
	  echo 'Python ontbreekt: installeer Python 3.11 of nieuwer.' >&2; \
	  echo 'Python is missing: install Python 3.11 or later.' >&2; exit 1; }; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 of nieuwer is nodig; $(PYTHON) is $$($(PYTHON) --version 2>&1). Een andere kiezen: make PYTHON=python3.12 ..." >&2; \
	  echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). To choose another: make PYTHON=python3.12 ..." >&2; exit 1; }; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'De Python-module venv ontbreekt. Op Debian en Ubuntu: sudo apt install python3-venv' >&2; \
	  echo 'The Python module venv is missing. On Debian and Ubuntu: sudo apt install python3-venv' >&2; exit 1; }
endef

# $(1) requirements file, $(2) stamps. The stamps are laid only after everything is in place, and
# tell the outcome, as the outcome of the left side of a pipe is lost in a plain shell.
define install
	rm -f $(VENV)/.ready-*; \
	echo 'Groepswacht klaarzetten in $(VENV); de eerste keer duurt dat ongeveer een minuut.'; \
	echo 'Setting up Groepswacht in $(VENV); the first time this takes about a minute.'; \
	$(PYTHON) -m venv $(VENV) || exit 1; \
	{ $(PY) -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes -r $(1) && touch $(2); } \
	| awk -v all="$$(grep -c '^[a-z].*==' $(1))" '\
	  /^(Collecting|Processing|Requirement already)/ { n++; if (n % 10 == 0) { printf "  %d van / of %d\n", n, all; fflush() } } \
	  /^Installing collected/ { print "  uitpakken / unpacking"; fflush() }'; \
	test -e $(firstword $(2)) || { \
	  echo 'Het klaarzetten is niet gelukt; hierboven staat waarom. Vaak is er geen internet. Daarna opnieuw proberen kan zo.' >&2; \
	  echo 'Setting up did not work; the reason is above. Often there is no internet. Simply try again afterwards.' >&2; exit 1; }
endef

# $(1) file, $(2) what belongs in it.
define resolve
	echo '  $(1)'; \
	$(LOCK)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  $(2) pyproject.toml --output-file $(1).new \
	&& { echo '# Exact versions with their hashes, made by: make lock'; cat $(1).new; } > $(1) && rm $(1).new \
	|| { rm -f $(1).new; exit 1; }
endef
