# One command each: `make run` talks to you in the browser, `make test` checks everything.
PYTHON ?= python3
RUN := .venv/bin/python

KILLS ?= 20
PEOPLE ?= 30
UPDATES ?= 100000

# Compiled modules are kept whatever the shell says: the tests start the real process again and again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check author chaos load fuzz audit format lock golden clean

run: .venv/.run
	$(RUN) -m bot

test: .venv/.test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(RUN) -m bot check
	$(RUN) -m pytest -n auto --dist worksteal

check: .venv/.run
	$(RUN) -m bot check

# What follows from the models and the content: the editor's schema, the guide's reference, the diagrams.
author: .venv/.run
	$(RUN) -m bot check --schema --guide --graph

format: .venv/.test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# Kills the real process again and again while people answer: polling and webhook, SQLite and PostgreSQL.
chaos: .venv/.test
	$(RUN) -m tests.chaos --kills $(KILLS) --people $(PEOPLE)

# Ten thousand check-ins in one minute while people write, with Telegram's limits and 50 ms of round trip.
load: .venv/.test
	$(RUN) -m tests.load

# Bad and hostile updates of every kind Telegram has: none may break anything, or touch somebody else's records.
fuzz: .venv/.test
	$(RUN) -m tests.fuzz --updates $(UPDATES)

# Known holes in what we depend on; asks a public service.
audit: .venv/.run
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/pip install -q --disable-pip-version-check pip-audit
	.venv/audit/bin/pip-audit --no-deps --disable-pip -r requirements.txt

# Rewrites the golden transcripts; read the difference before you commit it.
golden: .venv/.test
	UPDATE_GOLDEN=1 $(RUN) -m pytest -n auto --dist worksteal tests/conversations

# Needs uv. The lock names versions and hashes, never an index.
lock:
	uv export -q --no-emit-index-url --no-emit-project --no-dev -o requirements.txt
	uv export -q --no-emit-index-url --no-emit-project -o requirements-dev.txt

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Uptake needs Python 3.11 or newer: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/.test: requirements-dev.txt | .venv/bin/python
	.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ .venv/.run

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
