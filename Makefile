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

# Not `npm ci`: the lock file lacks binaries of platforms other than ours, and `ci` refuses that.
frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm install --no-save --no-audit --no-fund
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

.PHONY: screenshots
screenshots: setup .venv/.dev system-packages ## Pictures of every screen into docs/screenshots
	cd frontend && npm run screenshots

.PHONY: system-packages
system-packages:
	@scripts/system-packages.sh

# ----------------------------------------------------------------------------------- measure

.PHONY: bench
bench: .venv/.dev system-packages ## Milliseconds per stage of a 10 s 720p talking head
	cd backend && ../$(BIN)/python -m bench.bench

# ----------------------------------------------------------------------------- train, evaluate
# Data and runs live outside the repository. Every step resumes where it was stopped.

DATA ?= ../lab/data
RUNS ?= ../lab/runs
LAB := $(BIN)/python -m assay_lab
SHARES ?= dfdc=6,stylegan=2,self_blended=2,painted=1

.PHONY: faces-cache
faces-cache: .venv/.lab ## Find and cut the faces of the training set as the service does (DATA, RUNS)
	$(LAB) extract-faces --data $(DATA) --out $(RUNS)/faces --modality image
	$(LAB) extract-faces --data $(DATA) --out $(RUNS)/faces-of-clips --modality video --labels real

.PHONY: train-gate
train-gate: .venv/.lab ## Teacher and Tiny-LaDeDa, then their release
	$(LAB) train-gate --data $(DATA) --faces $(RUNS)/faces --shares $(SHARES) --run $(RUNS)/gate
	$(LAB) release-gate --data $(DATA) --faces $(RUNS)/faces --run $(RUNS)/gate --models models

.PHONY: train-visual
train-visual: .venv/.lab ## The visual ResNet-18, then its release
	$(LAB) train-visual --data $(DATA) --faces $(RUNS)/faces --shares $(SHARES) --run $(RUNS)/visual
	$(LAB) release-visual --data $(DATA) --faces $(RUNS)/faces --run $(RUNS)/visual --models models

.PHONY: train-temporal
train-temporal: .venv/.lab ## The temporal BiLSTM on the released visual network, then its release
	$(LAB) train-temporal --data $(DATA) --faces $(RUNS)/faces-of-clips --models models --run $(RUNS)/temporal
	$(LAB) release-temporal --run $(RUNS)/temporal --models models

.PHONY: evaluate
evaluate: .venv/.lab ## Judge held-out media with the service, fit and measure the fusion on it
	$(LAB) examine --data $(DATA) --models models --out $(RUNS)/examined.jsonl --limit 400
	$(LAB) release-fusion $(RUNS)/examined.jsonl --models models
