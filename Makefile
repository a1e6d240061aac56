# make run   builds the knowledge base from the bundled sample and serves it
# make test  runs the tests          make lint  checks style, types and imports
# make bench measures speed          make help  lists all
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8001
DB ?= spinemets.db
PIP = "$(VENV)/bin/python" -m pip --quiet --disable-pip-version-check
BIN = $(VENV)/bin

.PHONY: run test lint bench screenshots format clean help

help:
	@sed -n 's/^# //p' Makefile

run: $(VENV)/.run
	@"$(BIN)/spinemets" build --sample --db "$(DB)"
	@"$(BIN)/spinemets" serve --db "$(DB)" --port $(PORT)

test: $(VENV)/.test
	@"$(BIN)/python" -m pytest

lint: $(VENV)/.test
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/mypy"
	@"$(BIN)/lint-imports"

format: $(VENV)/.test
	@"$(BIN)/ruff" check --fix --quiet .
	@"$(BIN)/ruff" format .

bench: $(VENV)/.test
	@$(PIP) install --constraint constraints.txt --editable '.[test,bench]'
	@for script in tests/bench/bench_*.py; do PYTHONPATH=. "$(BIN)/python" "$$script" || exit 1; done

screenshots: $(VENV)/.test
	@"$(BIN)/spinemets" build --sample --db "$(DB)"
	@"$(BIN)/python" -m tests.browser.screenshots --db "$(DB)" --out docs/images --tour

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "SpineMets KB needs Python 3.11 or newer; name one with PYTHON=python3.12" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv "$(VENV)"

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing SpineMets KB ..."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch "$@"

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing SpineMets KB with its test tools ..."
	@$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch "$@" "$(VENV)/.run"

clean:
	rm -rf "$(VENV)" build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
