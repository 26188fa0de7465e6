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
	$(BIN)/pip install --quiet --constraint backend/constraints/lab.txt --editable "backend[dev,lab,search]"
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
	cd backend && ../$(BIN)/ruff check . ../notebooks ../scripts
	cd backend && ../$(BIN)/ruff format --check . ../notebooks ../scripts
	cd backend && ../$(BIN)/mypy
	cd backend && ../$(BIN)/lint-imports
	$(BIN)/python scripts/architecture.py --check
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

.PHONY: notebooks
notebooks: .venv/.lab ## Run the notebooks on ../shared/data, from their sources, top to bottom
	$(BIN)/python notebooks/execute.py

.PHONY: bench
bench: .venv/.lab system-packages ## What analyses and the service cost, into docs/benchmarks.md (ROWS, RUNS)
	cd backend && ../$(BIN)/python -m bench.bench $(ROWS) --runs $(or $(RUNS),7)

.PHONY: fuzz
fuzz: .venv/.dev ## Damaged files of every format against the analysis process (FILES, SEED)
	cd backend && ../$(BIN)/python -m bench.fuzz --files $(or $(FILES),2000) --seed $(or $(SEED),1)

.PHONY: soak
soak: .venv/.dev ## The service under load and faults, in real processes (SCENARIOS, JOBS)
	cd backend && ../$(BIN)/python -m bench.soak $(SCENARIOS) --jobs $(or $(JOBS),200) $(if $(SCENARIOS),,--write ../docs/reliability.md)

.PHONY: formats
formats: .venv/.dev ## The lists of formats in docs/formats.md and README.md, from the code
	$(BIN)/python scripts/formats.py

.PHONY: architecture
architecture: .venv/.dev ## The drawing of the rooms in docs/architecture.md, from the imports
	$(BIN)/python scripts/architecture.py

# ----------------------------------------------------------------------------- train, evaluate
# Data and runs live outside the repository. Every step resumes where it was stopped.

DATA ?= ../lab/data
RUNS ?= ../lab/runs
RECIPE ?= ../shared/data/recipe.csv.gz
MIRROR ?= ../.mirror
LAB := $(BIN)/python -m assay_lab
GATE_SHARES ?= stylegan=4,painted=3,dfdc=2
VISUAL_SHARES ?= dfdc=7,published=2,stylegan=0.35,diffusion=0.45,swapped=1
PAINTERS = $(if $(GENERATORS),--generators $(GENERATORS))
WEIGHTS ?= ../shared/weights
EACH ?= 110

.PHONY: data
data: .venv/.lab ## The training set from the recipe and copies of its repositories (RECIPE, MIRROR, LIMIT of a source)
	$(LAB) build-data $(RECIPE) --mirror $(MIRROR) --out $(DATA) $(if $(LIMIT),--limit $(LIMIT))

.PHONY: faces-cache
faces-cache: .venv/.lab ## Find and cut the faces of the training set as the service does (DATA, RUNS)
	$(LAB) extract-faces --data $(DATA) --out $(RUNS)/faces

.PHONY: train-generators
train-generators: .venv/.lab ## Painters for the forge; train-gate and train-visual take them as GENERATORS (WEIGHTS)
	$(LAB) label-faces --data $(DATA) --weights $(WEIGHTS) --out $(RUNS)/face-labels
	$(LAB) train-generators --data $(DATA) --labels $(RUNS)/face-labels --folder $(RUNS)/generators

.PHONY: train-gate
train-gate: .venv/.lab ## Teacher and Tiny-LaDeDa, the same without corruption to compare, the release
	$(LAB) train-gate --data $(DATA) --faces $(RUNS)/faces --shares $(GATE_SHARES) $(PAINTERS) --run $(RUNS)/gate
	$(LAB) train-gate --data $(DATA) --faces $(RUNS)/faces --shares $(GATE_SHARES) $(PAINTERS) --run $(RUNS)/gate-uncorrupted --corrupted 0
	$(LAB) release-gate --data $(DATA) --faces $(RUNS)/faces $(PAINTERS) --run $(RUNS)/gate --uncorrupted $(RUNS)/gate-uncorrupted --models models

.PHONY: train-visual
train-visual: .venv/.lab ## The visual ResNet-18, then its release; START=models/visual_resnet18 goes on from it
	$(LAB) train-visual --data $(DATA) --faces $(RUNS)/faces --shares $(VISUAL_SHARES) $(PAINTERS) $(if $(START),--start $(START)) --run $(RUNS)/visual
	$(LAB) release-visual --data $(DATA) --faces $(RUNS)/faces --run $(RUNS)/visual --models models

.PHONY: train-effnet
train-effnet: .venv/.lab ## The EfficientNet, a fold of the sources held out, then its release beside ResNet-18
	$(LAB) build-face-bank --data $(DATA) --faces $(RUNS)/faces --out $(RUNS)/bank
	$(LAB) train-effnet --bank $(RUNS)/bank --hold-out 0 --steps 1100 --run $(RUNS)/effnet-0
	$(LAB) release-effnet --bank $(RUNS)/bank --runs $(RUNS)/effnet --models models --work $(RUNS)/effnet-folds

.PHONY: train-temporal
train-temporal: .venv/.lab ## The temporal BiLSTM on the released visual network, then its release
	$(LAB) train-temporal --data $(DATA) --faces $(RUNS)/faces --models models --run $(RUNS)/temporal
	$(LAB) release-temporal --run $(RUNS)/temporal --models models

.PHONY: train-faces
train-faces: .venv/.lab ## The face detector, from labels of the public one (WEIGHTS), then its release
	$(LAB) label-faces --data $(DATA) --weights $(WEIGHTS) --out $(RUNS)/face-labels
	$(LAB) train-blazeface --labels $(RUNS)/face-labels --run $(RUNS)/blazeface
	$(LAB) release-blazeface --labels $(RUNS)/face-labels --run $(RUNS)/blazeface --models models

.PHONY: train-audio
train-audio: .venv/.lab ## Vocoders to forge with, the audio CNN, its release beside AASIST-L (WEIGHTS)
	$(LAB) prepare-speech --data $(DATA) --work $(RUNS)/audio
	$(LAB) train-vocoders --stores $(RUNS)/audio/stores --folder $(RUNS)/vocoders
	$(LAB) prepare-speech --data $(DATA) --work $(RUNS)/audio --vocoders $(RUNS)/vocoders
	$(LAB) train-audio --work $(RUNS)/audio --name cnn
	$(LAB) score-aasist --work $(RUNS)/audio --weights $(WEIGHTS)/AASIST-L.pth --out $(RUNS)/audio/AASIST-L.csv
	$(LAB) release-audio --work $(RUNS)/audio --run cnn --models models --baseline $(RUNS)/audio/AASIST-L.csv

.PHONY: train-audio-encoder
train-audio-encoder: .venv/.lab ## Whisper's first blocks and a head (WEIGHTS), after train-audio has prepared the speech
	$(LAB) train-audio-encoder --stores $(RUNS)/audio/stores --weights $(WEIGHTS)/whisper-base-encoder-3.npz --hold-out 0 --steps 1000 --run $(RUNS)/audio-encoder-0
	$(LAB) release-audio-encoder --stores $(RUNS)/audio/stores --runs $(RUNS)/audio-encoder --models models --work $(RUNS)/audio-encoder-folds

.PHONY: train-sync
train-sync: .venv/.lab ## The towers for lips and voice, then their release
	$(LAB) extract-talking $(DATA) $(RUNS)/talking --detector models/blazeface/model.onnx
	$(LAB) train-av-sync --clips $(RUNS)/talking --voices $(RUNS)/voices --run $(RUNS)/sync
	$(LAB) release-av-sync --clips $(RUNS)/talking --run $(RUNS)/sync --models models

HELD_OUT := $(RUNS)/held-out
JUDGED := $(foreach name,media media-corrupted forged forged-corrupted,$(HELD_OUT)/$(name).jsonl)

.PHONY: evaluate
evaluate: .venv/.lab ## Judge held-out media with the service, fit the fusion, measure everything (EACH)
	$(LAB) forge-clips --data $(DATA) --out $(HELD_OUT)/forged --detector models/blazeface/model.onnx --parts val,test --limit $(EACH)
	$(LAB) examine --data $(DATA) --models models --out $(HELD_OUT)/media.jsonl --limit $(EACH)
	$(LAB) examine --data $(DATA) --models models --out $(HELD_OUT)/media-corrupted.jsonl --limit $(EACH) --corrupted
	$(LAB) examine --data $(HELD_OUT)/forged --models models --out $(HELD_OUT)/forged.jsonl
	$(LAB) examine --data $(HELD_OUT)/forged --models models --out $(HELD_OUT)/forged-corrupted.jsonl --corrupted
	$(LAB) release-fusion $(JUDGED) --models models
	$(LAB) evaluate $(JUDGED) --data $(DATA) --data $(HELD_OUT)/forged --models models --work $(HELD_OUT)/conditions
