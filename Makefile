# Everything a person needs after cloning: `make demo` to try it, `make test` to run the suite.
# Needs Python 3.10 or newer, make, and a package index that pip can reach. Nothing is installed outside .venv.

.DEFAULT_GOAL := help
.PHONY: help venv install demo test check format lint types imports fast busy nightly interop brokers bench screenshots screenshots-check clean

VENV  ?= .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
# PYTEST_ARGS="-k rabbitmq -x" narrows a run; PYTHON=python3.12 chooses an interpreter.
PYTEST_ARGS ?=
# Four at a time: most of the suite waits for something. WORKERS=0 runs it in one process.
WORKERS ?= 4
# A worker that dies ends the run: pytest-xdist can wait for ever for the one that replaces it.
PYTEST := "$(BIN)/python" -m pytest -n $(WORKERS) --dist loadgroup --max-worker-restart=0
# Of `make nightly`: the version of Spring Boot that what is tested with Spring is tried with as well.
NEWER_SPRING ?= 4.0.9
# How many seeds its property test takes, on which brokers; and where repairs are cut.
SEEDS ?= 1000
SEEDED ?= box rabbitmq rabbitmq40 rabbitmq43 activemq5 activemq6 artemis
CUT ?= box rabbitmq-classic rabbitmq43-quorum activemq6 artemis
# `make busy` runs the first of each so many tests of the screen, and every test of the terminal.
ONE_IN ?= 1
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && { command -v "$$p"; break; }; done)

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv install: $(READY)  ## make .venv with stomptui and all that is needed to work on it

# Building needs hatchling too: it is installed first, so that it comes from the pins like the rest.
$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "stomptui needs Python 3.10 or newer, and none was found." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: on Debian and Ubuntu, apt-get install python3-venv." >&2; exit 1; }
	@"$(BIN)/python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || "$(PYTHON)" -m venv --clear "$(VENV)"
	@echo "installing into $(VENV)"
	@"$(BIN)/python" -m pip install -q --disable-pip-version-check -c constraints.txt hatchling editables
	@"$(BIN)/python" -m pip install -q --disable-pip-version-check -c constraints.txt --no-build-isolation -e ".[dev,views,web]"
	@touch "$@"

demo: $(READY)  ## open the console on the embedded broker, with sample traffic
	@"$(BIN)/stomptui" --demo

test: $(READY)  ## the whole suite: the embedded broker, and the real brokers that are installed
	@$(PYTEST) $(PYTEST_ARGS)

fast: $(READY)  ## the suite without real brokers, terminals and long tests
	@$(PYTEST) -m "not broker and not slow" $(PYTEST_ARGS)

busy: $(READY)  ## the tests of the screen and of the terminal beside two busy processes
	@"$(BIN)/python" -m tests.support.busy $(PYTEST) -m "not broker and not timeless" \
		-p tests.support.parts --one-in $(ONE_IN) tests/ui tests/e2e $(PYTEST_ARGS)

# Each for itself: one that fails keeps nobody from the others. With $(MAKE) in it, make -n would run it all.
nightly: $(READY)  ## what takes hours: long silence and soaks, all of the screen on the oldest Python, Spring Boot 4, a thousand seeds on each broker, cuts behind each frame
	@failed=; \
	$(PYTEST) -m nightly --timeout=3600 $(PYTEST_ARGS) || failed="$$failed tests"; \
	oldest=$$(.ci/pythons | head -n 1) && place=$$(mktemp -d) && \
		make busy PYTHON="$$oldest" VENV="$$place/oldest" WORKERS=6 || failed="$$failed busy"; \
	if [ -n "$$place" ]; then rm -rf "$$place"; fi; \
	export SPRING_BOOT=$(NEWER_SPRING); \
	"$(BIN)/python" -m tests.support.brokers && $(PYTEST) tests/interop/spring || failed="$$failed spring:$$SPRING_BOOT"; \
	unset SPRING_BOOT; \
	for broker in $(SEEDED); do \
		"$(BIN)/python" -m tests.interop.keeping --broker $$broker --seeds $(SEEDS) || failed="$$failed keeping:$$broker"; \
	done; \
	for place in $(CUT); do \
		"$(BIN)/python" -m tests.interop.repairing --place $$place || failed="$$failed repairing:$$place"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed:$$failed"; exit 1; fi

interop: $(READY)  ## real brokers and other clients alone
	@$(PYTEST) tests/interop tests/e2e $(PYTEST_ARGS)

brokers: $(READY)  ## get the real brokers that have to be downloaded, once; says what each of them lacks
	@"$(BIN)/python" -m tests.support.brokers

check: lint types imports fast  ## what to run before a commit: style, types, imports, fast tests

lint: $(READY)  ## ruff: format and rules
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/ruff" check .

types: $(READY)  ## mypy, strict
	@"$(BIN)/mypy"

imports: $(READY)  ## which package may import which
	@"$(BIN)/lint-imports" --no-cache

format: $(READY)  ## let ruff rewrite what it can
	@"$(BIN)/ruff" format .
	@"$(BIN)/ruff" check --fix .

bench: $(READY)  ## speed, side by side with stomp.py in the same run
	@"$(BIN)/python" -m pytest -n 0 tests/benchmarks/scaling.py
	@"$(BIN)/python" -m tests.benchmarks

screenshots: $(READY)  ## draw screenshots/ anew, and tests/screenshots/snapshots/
	@"$(BIN)/python" -m tests.screenshots

screenshots-check: $(READY)  ## fail if they are not what the app draws
	@"$(BIN)/python" -m tests.screenshots --check

clean:  ## remove .venv, caches and builds
	rm -rf "$(VENV)" build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
