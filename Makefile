# Needs make and Python 3.11 or newer with venv and pip. `make help` lists what can be made.
BIN := .venv/bin
HOUSEHOLDS ?= 2000
RATE ?= 1
SEED ?= 1
TIMES ?= 20
WORKERS ?= 2
RECEIPT ?= ../shared/data/receipt.csv.gz

.DEFAULT_GOAL := help
.PHONY: demo test up install install-test lint browser prove bench receipt truth lock clean help

demo: install ## a simulated city and its supervision, live on http://127.0.0.1:8050 (HOUSEHOLDS=, RATE=, SEED=)
	@$(BIN)/aidwatch demo --households=$(HOUSEHOLDS) --rate=$(RATE) --seed=$(SEED)

test: lint browser ## everything: what lint checks, then every test (AIDWATCH_NO_BROWSER=1 leaves the browser out; WORKERS= at a time)
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile

up: install ## the same as demo without the simulator
	@$(BIN)/aidwatch up

install: .venv/installed ## only the environment, in .venv

install-test: .venv/installed-test ## the environment with what the tests need

lint: install-test ## ruff, mypy --strict, import directions
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

browser: install-test ## a headless Chromium for the browser tests
	@scripts/browser

prove: install-test browser ## the long form of the kill and parity tests
	@AIDWATCH_PROVE=1 $(BIN)/pytest -q -n $(WORKERS) --dist loadfile

bench: install-test browser ## measure; writes benchmarks/results.json
	@$(BIN)/python -m benchmarks

receipt: install ## a Dutch municipality's log of permits through mapping, ingest and facts; its lateness as JSON (RECEIPT=)
	@$(BIN)/python -m benchmarks.receipt $(RECEIPT)

truth: install-test ## plant violations and look-alikes of every rule in a city; precision and recall (HOUSEHOLDS=, TIMES=)
	@$(BIN)/python -m benchmarks.truth --households=$(if $(filter file,$(origin HOUSEHOLDS)),200000,$(HOUSEHOLDS)) --times=$(TIMES)

lock: ## write the lock files anew from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    pyproject.toml --extra demo -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    pyproject.toml --extra demo --extra test -o requirements-test.lock

clean: ## forget the environment; data in .aidwatch stays
	rm -rf .venv

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name does; do \
	    printf '  make %-13s %s\n' "$$name" "$$does"; done

.venv/installed: requirements.lock pyproject.toml scripts/environment
	@scripts/environment requirements.lock
	@touch $@

.venv/installed-test: requirements-test.lock pyproject.toml scripts/environment
	@scripts/environment requirements-test.lock
	@touch $@ .venv/installed
