# ictip: `make run` serves a sample world, `make test` proves everything on both engines.
# Nothing is needed before them but Python >= 3.11, make and, for the Neo4j half of the tests, Java and Maven.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA ?= data/sample
PORT ?= 8000
SIZE ?= 100k
NEO4J_NEWEST ?= 2026.08.1
# Test processes, each with engines of its own
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS)

.PHONY: help install run test test-newest test-long check bench fmt schema docs vocabulary lock build clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

install: $(STAMP)  ## make the virtual environment from the pinned requirements

$(STAMP): requirements/dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: $(STAMP)  ## serve the classification and a small sample world on http://127.0.0.1:8000
	$(BIN)/ictip serve --data $(DATA) --port $(PORT) --sample --graphiql

test: $(STAMP)  ## unit, spec, store (both engines), api, generative, architecture and documentation tests
	$(PYTEST) -m "not long"

test-newest: $(STAMP)  ## the same on the newest Neo4j (needs Java 21 or 25)
	NEO4J_TEST_VERSION=$(NEO4J_NEWEST) $(PYTEST) -m "not long"

test-long: $(STAMP)  ## everything, with what needs longer than ten minutes
	$(PYTEST)

check: $(STAMP)  ## lint, types, import contracts, stale documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.build --check

bench: $(STAMP)  ## speed and memory as ratios, both engines: SIZE=10k|100k|1m
	$(BIN)/python -m benchmarks --size $(SIZE)

fmt: $(STAMP)  ## format and sort
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

schema: $(STAMP)  ## write the GraphQL SDL that the tests compare with
	$(BIN)/ictip schema --write

docs: $(STAMP)  ## regenerate the generated pages
	$(BIN)/python -m docs.build

vocabulary: $(STAMP)  ## remake the Turtle files from their sources (SOURCES=folder with the ICCS and ISIC tables)
	$(BIN)/python -m ontology.build --sources $(SOURCES)

lock:  ## pin the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra network pyproject.toml -o requirements/base.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev --extra network --extra vocabulary pyproject.toml -o requirements/dev.lock

build: $(STAMP)  ## the wheel and the source distribution
	$(BIN)/python -m build --no-isolation

clean:  ## remove what can be remade
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
