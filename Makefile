# `make demo` and `make test` are all the set-up there is. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo up test chaos lint format schemas lock bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rasid needs Python 3.11 or later: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python cannot make virtual environments: install python3-venv (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "Setting up $(VENV): about a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# --no-deps: the file lists everything, but torch, which only the extras `transformers` and `train` need.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## run everything once on our seed articles: make demo ARGS="my-articles/ --keep"
	@$(BIN)/rasid demo $(ARGS)

up: $(READY) ## run everything until Ctrl-C
	@$(BIN)/rasid up $(ARGS)

test: $(READY) ## all tests; on Apache Kafka too where Java is and deploy/kafka/fetch has run
	$(BIN)/pytest $(ARGS)

chaos: $(READY) ## the longest crash tests (Apache Kafka)
	deploy/kafka/fetch
	RASID_TEST_KAFKA=1 $(BIN)/pytest -m chaos -s $(ARGS)

lint: $(READY) ## style, types, the line between pure modules and transport
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schemas.export --check

format: $(READY) ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

schemas: $(READY) ## write schemas/json and schemas/asyncapi.yaml anew
	$(BIN)/python -m schemas.export

lock: $(READY) ## resolve the requirements anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -c requirements.txt -o deploy/requirements-runtime.txt

bench: $(READY) ## figures: make bench ARGS="pipeline --help"
	$(BIN)/rasid bench $(ARGS)

clean: ## remove what was set up
	rm -rf $(VENV) deploy/kafka/libs
