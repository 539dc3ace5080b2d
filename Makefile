# Two commands are all a newcomer needs:  make run   and   make test
# Every step leaves a mark and is skipped while nothing it depends on has changed.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN    := .venv/bin
NPM    := npm --no-fund --no-audit
ARGS   ?=
SET    ?=

# The language model's engine is compiled for any x86-64 processor since 2013 (AVX2),
# so that what is built here also runs on the office machine it is bundled for.
ifeq ($(shell uname -m),x86_64)
export CMAKE_ARGS ?= -DGGML_NATIVE=OFF -DGGML_AVX=ON -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON -DGGML_OPENMP=OFF
endif
export HF_HUB_OFFLINE = 1

FRONT_SOURCES := $(shell find ui widget -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) package.json package-lock.json

.PHONY: run test test-all check bench eval bundle lock clean setup help

run: setup  ## set up what is missing and start the product
	@exec $(BIN)/appliance serve $(ARGS)

test: setup .venv/.tools node_modules/.installed  ## the fast tests, Python and front end
	$(BIN)/python -m pytest -m "not slow" $(ARGS)
	$(NPM) test

test-all: setup .venv/.tools  ## the walks: real models, real browser, real window, kill -9
	$(BIN)/python -m pytest -m slow $(ARGS)

check: setup .venv/.tools node_modules/.installed  ## linters, types, layers, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run lint
	$(NPM) run types
	$(BIN)/python packaging/generated.py --check
	$(NPM) run generate -w ui
	git diff --exit-code -- ui/src/api/generated

bench: setup .venv/.tools  ## all benchmarks, side by side, and one table: make bench  or  make bench ARGS=streams
	$(BIN)/python tests/bench/run.py $(ARGS)

eval: setup  ## judge the search: make eval  or  make eval SET=questions.json
	$(BIN)/python -m appliance.library.evaluate $(if $(SET),--set $(SET)) $(ARGS)

bundle: setup .venv/.bundler  ## the frozen program in dist/, and a walk through it
	$(BIN)/python packaging/build.py
	$(BIN)/python packaging/smoke.py

setup: .venv/.installed appliance/web/static/.built models/.placed

.venv/.installed: pyproject.toml constraints.txt
	@echo "» Python packages (the first time compiles the model engine: about ten minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --progress-bar on -c constraints.txt -e ".[desktop]"
	@$(BIN)/python packaging/no_cuda.py
	@touch $@

.venv/.tools: .venv/.installed
	@echo "» test and lint tools"
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[desktop,dev]"
	@touch $@

.venv/.bundler: .venv/.installed
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[desktop,bundle]"
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc
	@echo "» front-end packages"
	# Not `npm ci`: it insists on the optional binaries of every platform, which a mirror may lack.
	$(NPM) install --no-save
	@touch $@

appliance/web/static/.built: $(FRONT_SOURCES)
	@echo "» front ends: console and chat widget"
	@test node_modules/.installed -nt package-lock.json || $(MAKE) --no-print-directory node_modules/.installed
	$(NPM) run build
	@touch $@

models/.placed: models/manifest.toml packaging/place_models.py .venv/.installed
	@echo "» starter models"
	$(BIN)/python packaging/place_models.py --models models
	@touch $@

lock: .venv/.tools .venv/.bundler  ## write down exactly what is installed
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//' > constraints.txt

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

clean:  ## remove what was built; the data folder stays
	rm -rf .venv node_modules ui/node_modules widget/node_modules appliance/web/static dist build models/.placed
