# Gatewright: `make help` lists what there is. Every target does its own set-up, once.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
INSPECT := .tools/inspect
RUN := $(BIN)/python -m
export PATH := $(CURDIR)/.tools/bin:$(PATH)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements/dev.txt pyproject.toml
	@echo "Setting up $(VENV) (once; one to three minutes) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Gatewright needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(RUN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: setup
setup: $(READY) ## Make the virtual environment

.PHONY: demo
demo: $(READY) ## Run the main job on 24 virtual homes (ONCE=1: exit by itself; CONTROLLER=genieacs)
	@$(BIN)/gatewright demo $(if $(ONCE),--once,) $(if $(CONTROLLER),--controller $(CONTROLLER),)

.PHONY: serve
serve: $(READY) ## Start the product empty, for real devices
	@$(BIN)/gatewright serve

.PHONY: test
test: $(READY) ## Run the tests (under ten minutes on two cores)
	@$(RUN) pytest -n 3 --dist worksteal -m "not slow and not long"

.PHONY: test-all
test-all: test test-slow test-long test-inspect ## Run every test, the slow and the long ones too

.PHONY: test-slow
test-slow: $(READY)
	@$(RUN) pytest -n 2 --dist worksteal -m slow

.PHONY: test-long
test-long: $(READY)
	@$(RUN) pytest -n 2 -m long

$(INSPECT)/.ready: requirements/evals.txt pyproject.toml
	@echo "Setting up $(INSPECT) (once; one to three minutes) ..."
	@test -x $(INSPECT)/bin/python || $(PYTHON) -m venv $(INSPECT)
	@$(INSPECT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/evals.txt
	@$(INSPECT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: inspect
inspect: $(INSPECT)/.ready ## Set up inspect_ai beside the product, for runs of models on scenarios
	@echo "$(INSPECT)/bin/gatewright evals inspect --help"

.PHONY: test-inspect
test-inspect: $(INSPECT)/.ready
	@$(INSPECT)/bin/python -m pytest -m slow tests/evals/harness/test_inspecting.py

.PHONY: check
check: $(READY) ## Lint, types, layers, policies
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(BIN)/lint-imports
	@$(BIN)/gatewright policy check
	@$(BIN)/gatewright policy test

.PHONY: bench
bench: $(READY) ## Measure, as ratios, into build/bench
	@$(RUN) evals.bench

.PHONY: bench-governance
bench-governance: $(READY) ## Measure judging, logging and auditing (under three minutes)
	@$(RUN) evals.bench governance

.PHONY: bench-brain
bench-brain: $(READY) ## Measure looking around in fleets of up to 1,000,000 devices, and back (12 minutes)
	@$(RUN) evals.bench brain

.PHONY: bench-acs
bench-acs: $(READY) ## Measure a CWMP session on SQLite and PostgreSQL, beside constants
	@$(RUN) evals.bench cwmp

.PHONY: bench-usp
bench-usp: $(READY) ## Measure USP beside bare WebSocket and MQTT, and 10,000 agents (SMALL=1: half a minute)
	@$(RUN) evals.bench usp$(if $(SMALL),-small,)

.PHONY: bench-adapters
bench-adapters: $(READY) ## Measure writing through GenieACS and Oktopus, and asking them about 10,000 devices
	@$(RUN) evals.bench adapters

.PHONY: storm
storm: $(READY) ## Have N devices come back at once (N="20000 200000": one after the other; DOORS=2: behind so many)
	@$(RUN) evals.storm $(or $(N),20000) $(if $(DOORS),--doors $(DOORS),)

.PHONY: tools
tools: ## Install the real servers the tests talk to (OPA, Regal, Mosquitto, RabbitMQ, Chromium)
	@bash scripts/install_tools.sh

.PHONY: local-model
local-model: ## Fetch an open-weights model (1.1 GB, once) and serve it to the planner
	@$(PYTHON) scripts/local_model/fetch.py .tools/local-model
	@.tools/local-model/venv/bin/python scripts/local_model/serve.py .tools/local-model/model.gguf

.PHONY: docs
docs: $(READY) ## Build the documentation into build/site
	@$(RUN) mkdocs build --strict --quiet
	@echo "build/site/index.html"

.PHONY: picture
picture: $(READY) ## Take the console's pictures for the README from the running demo
	@$(RUN) evals.picture

.PHONY: lock
lock: ## Pin the requirements anew (needs uv)
	@uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra dev pyproject.toml -o requirements/dev.txt
	@uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra dev --extra evals -c requirements/dev.txt \
		pyproject.toml -o requirements/evals.txt
	@uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra postgres --extra opa -c requirements/dev.txt \
		pyproject.toml -o requirements/app.txt

.PHONY: clean
clean: ## Remove what was set up and built
	@rm -rf $(VENV) build dist .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
