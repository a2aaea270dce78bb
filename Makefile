# Every task of the project under one name. `make help` lists them.
# Settings: PYTHON (default python3) and VENV (default .venv), for example `make demo PYTHON=python3.12`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
PYTEST := $(PY) -m pytest
INSTALL_TREE := $(PIP) install --quiet --no-deps --no-build-isolation --editable .

HEADLESS := tests/unit tests/property tests/contract tests/integration tests/faults tests/ui
# Laws draw for minutes and reach no further line; whole programs run in little room of their own.
COVERED := $(filter-out tests/property tests/integration,$(HEADLESS))
STRICT := fieldapp/domain/*,fieldapp/protocol/*,fieldapp/crypto/*,fieldapp/sync/*,sync_server/exchange/*
# Measures real time, so it runs where no other test runs beside it.
ALONE := tests/integration/test_benchmarks.py
TIME_RELATED := tests/unit/domain tests/unit/services $(wildcard tests/property/test_*_documents.py tests/property/test_*_clock.py)

# The tests and the demonstration start many short programs: each module is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo install test browser check cover bench lock clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.demo ## install what the app and its server need, then run the demonstration
	$(BIN)/fieldapp demo

install: $(VENV)/.dev ## make .venv with everything: app, server, tests and tools

test: $(VENV)/.test browser ## run every layer of tests, the browser's included
	TZ=UTC $(PYTEST) --numprocesses 2 --dist loadscope $(addprefix --ignore=,$(ALONE)) $(wildcard $(HEADLESS))
	TZ=America/Los_Angeles $(PYTEST) --quiet --numprocesses 2 --dist loadscope $(TIME_RELATED)
	TZ=UTC $(PYTEST) --numprocesses 2 --dist loadscope tests/e2e
	TZ=UTC $(PYTEST) $(wildcard $(ALONE))

browser: $(VENV)/.test
	@sh .ci/browser

check: $(VENV)/.dev ## format, lint, types, architecture, dead code, dependencies, spelling, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/codespell
	$(PYTEST) --quiet tests/unit/test_size_budget.py tests/unit/test_architecture.py tests/unit/test_documents.py

cover: $(VENV)/.test ## say which lines and branches the tests without a browser reach; not part of test
	$(BIN)/coverage erase
	TZ=UTC $(BIN)/coverage run -m pytest --quiet --numprocesses 2 --dist loadscope $(COVERED)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=98 --include='$(STRICT)'
	$(BIN)/coverage report

bench: $(VENV)/.test ## measure, and write build/bench.json
	@mkdir -p build
	$(PY) -m tests.benchmarks --out build/bench.json

lock: $(VENV)/.dev ## resolve the newest allowed versions into the hash-locked requirement files
	$(PY) .ci/lock.py

clean: ## remove what was built or cached; .venv and your data stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage .coverage.*
	find fieldapp sync_server tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Baraza needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { \
		echo "This Python has no venv. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements-demo.lock pyproject.toml | $(PY)
	$(PIP) install --quiet --require-hashes --requirement requirements-demo.lock
	$(INSTALL_TREE)
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml | $(PY)
	$(PIP) install --quiet --require-hashes --requirement requirements-test.lock
	$(INSTALL_TREE)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(PY)
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.lock
	$(INSTALL_TREE)
	@touch $@ $(VENV)/.test $(VENV)/.demo
