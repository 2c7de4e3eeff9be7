# Everything runs from .venv, which the first target that needs it sets up. Python 3.11 or newer, make and git are all it takes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests at one time: two cores are busy with three, for many of them wait.
JOBS ?= 3
STAMP := $(VENV)/.installed

.PHONY: demo test check fix unit bench screenshots models clean

demo: $(STAMP)
	@$(BIN)/hubtui demo

test: check unit

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

unit: $(STAMP)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

bench: $(STAMP)
	$(BIN)/python -m tests.benchmarks

screenshots: $(STAMP)
	$(BIN)/python -m tests.screenshots

# Trains the demo checkpoints again (minutes on two cores); the results are committed, so nobody needs to.
models: $(STAMP)
	$(BIN)/python -m hubtui.demo.training

# Compiles what it installs: without .pyc files the interface starts several times slower.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "hubtui needs Python 3.11 or newer (set PYTHON=…)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --compile -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q -x demo/repos hubtui
	@touch $@

clean:
	rm -rf $(VENV) build dist
