# `make` alone lists what there is. Everything works in $(VENV); PYTHON makes it: make test PYTHON=python3.12 VENV=.venv312

PYTHON ?= python3
VENV ?= .venv
DATA ?= data
SECONDS ?= 600
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test testray check lint types docs fuzz bench train clean

help:  ## list these words
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 8

demo: $(VENV)/.base  ## install, then run the sample articles into runs/demo (no network, no torch)
	$(BIN)/stancewire run corpora/sample/*.articles.jsonl --topics configs/topics/afghanistan.toml --out runs/demo
	@echo "Open runs/demo/report.html in a browser; the table is in runs/demo/records.csv; to correct it: $(BIN)/stancewire serve runs/demo"

test: $(VENV)/.dev  ## run all tests
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest

testray: $(VENV)/.dev  ## install Ray, too, and test runs on a cluster of two nodes on this machine
	$(PIP) install --quiet -c constraints.txt -e '.[dev,ray]'
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest tests/cluster

check: lint types test  ## run all that CI runs: lint, format, types, tests (import rules among them)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy --strict pipeline tests/bench tests/quality.py

docs: $(VENV)/.dev  ## build the documentation site into site/ (open site/index.html); warnings are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

fuzz: $(VENV)/.dev  ## look for bytes that a reader stumbles over (ten minutes; make fuzz SECONDS=60)
	$(PIP) install --quiet -c constraints.txt -e '.[dev,fuzz]'
	$(BIN)/python tests/fuzz/guided.py --seconds $(SECONDS) --out runs/fuzz

bench: $(VENV)/.dev  ## measure articles/s against the naive way; with DATA=folder of the data sets, whole archives and memory
	HF_HUB_OFFLINE=1 $(BIN)/python tests/bench/pipeline.py
	@if [ -d $(DATA)/articles ]; then \
		HF_HUB_OFFLINE=1 $(BIN)/python tests/bench/archive.py --data $(DATA) --workers 2 --repeated 100000; \
	else echo "Whole archives aren't measured: $(DATA)/articles isn't there (corpora/cards/tehran_times.md)"; fi

train: $(VENV)/.dev  ## train the models into runs/ (hours; make train DATA=folder of the data sets)
	for recipe in first second teacher third base small attribution-teacher attribution; do \
		$(BIN)/stancewire train models/recipes/$$recipe.toml --data $(DATA) --out runs/$$recipe || exit 1; \
	done

clean:  ## remove caches, builds and the demo's output; the environment stays
	rm -rf build dist site runs/demo .hypothesis .pytest_cache .mypy_cache .ruff_cache
	find pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is younger than what it was installed from, so that a second call installs nothing.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is not Python 3.11 or newer; name one: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt -e '.[desk]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.base $@
