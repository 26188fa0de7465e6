# Assay. `make help` lists the targets.

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------ set up

.PHONY: setup
setup: .venv/.serving frontend/dist/index.html ## Make .venv and build the page

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"

.venv/.serving: .venv/bin/python backend/pyproject.toml
	$(BIN)/pip install --quiet --editable backend
	touch $@

.venv/.dev: .venv/.serving
	$(BIN)/pip install --quiet --editable "backend[dev]"
	touch $@

# The lab is apart: serving must not need torch, and a test proves it.
.venv/.lab: .venv/.dev backend/constraints/lab.txt
	$(BIN)/pip install --quiet --constraint backend/constraints/lab.txt --editable "backend[dev,lab]"
	touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund
	touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -print)
	cd frontend && npm run build

# --------------------------------------------------------------------------------------- use

.PHONY: run
run: setup ## Serve API and page on one port (HOST, PORT)
	$(BIN)/assay serve --host $(HOST) --port $(PORT)

# -------------------------------------------------------------------------------------- test

.PHONY: test
test: lint test-backend test-frontend test-page ## Everything CI runs

.PHONY: lint
lint: .venv/.lab frontend/node_modules/.installed ## Style, types, import rules, API drift
	cd backend && ../$(BIN)/ruff check . && ../$(BIN)/ruff format --check .
	cd backend && ../$(BIN)/mypy
	cd backend && ../$(BIN)/lint-imports
	cd frontend && npm run lint && npm run types

.PHONY: test-backend
test-backend: setup .venv/.lab system-packages ## Unit, property and integration tests
	cd backend && ../$(BIN)/pytest

.PHONY: test-frontend
test-frontend: frontend/node_modules/.installed ## Components
	cd frontend && npm test

.PHONY: test-page
test-page: setup .venv/.dev system-packages ## The page in a real Chromium, against the real service
	cd frontend && npm run e2e

.PHONY: system-packages
system-packages:
	@scripts/system-packages.sh

# ----------------------------------------------------------------------------------- measure

.PHONY: bench
bench: .venv/.dev ## Milliseconds per stage of a 10 s 720p talking head
	$(BIN)/python backend/bench/bench.py
