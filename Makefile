# Every target does its own set-up from a fresh clone: Python >= 3.11, make and git are enough.

SHELL := /bin/sh
VENV ?= .venv
PORT ?= 8000
PYTHON ?=
ARGS ?=

BIN := $(VENV)/bin
RUN := $(BIN)/python -m
PIP := $(RUN) pip --disable-pip-version-check --quiet install

# Material for MkDocs prints a notice about MkDocs 2 on every run; `mkdocs<2` is our answer to it.
export NO_MKDOCS_2_WARNING := 1
export PYTHON

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help portal build test fix bench clean port setup setup-test browser

help: ## this list
	@echo "okrsite: make TARGET [PORT=8000] [PYTHON=python3.12] [ARGS='…']"
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 18

portal: port setup ## build the example portal and serve it, again after every change
	@echo "The portal will be at http://127.0.0.1:$(PORT)/ (Ctrl-C ends it)"
	@exec $(RUN) mkdocs serve --dev-addr 127.0.0.1:$(PORT) $(ARGS)

build: setup ## build the example portal into site/, strictly
	@$(RUN) mkdocs build --strict $(ARGS)

test: setup-test browser ## every check and test; ARGS='-k word' chooses among the tests
	@echo "== style"
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@echo "== types"
	@$(RUN) mypy
	@echo "== tests"
	@$(RUN) pytest -n 2 $(ARGS)

fix: setup-test ## put right what the style check can
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

bench: setup-test ## the yardsticks of speed
	@$(RUN) benchmarks $(ARGS)
	@$(RUN) benchmarks.review
	@$(RUN) benchmarks.history
	@$(RUN) benchmarks.archive --size 200 --quarters 6

clean: ## remove everything that was made here, the virtual environment too
	rm -rf $(VENV) site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Asked before anything is installed: that takes minutes.
port: | $(BIN)/python
	@$(BIN)/python -c 'import socket, sys; s = socket.socket(); \
	  s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' \
	  $(PORT) 2>/dev/null || { \
	  echo "okrsite: port $(PORT) is taken. Another one: make portal PORT=$$(($(PORT) + 1))" >&2; exit 1; }

setup: $(VENV)/.installed

setup-test: $(VENV)/.installed-test

browser: setup-test
	@$(RUN) tests.browser --install

# A stamp is younger than pyproject.toml when what that file asks for is installed.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing okrsite and what it needs into $(VENV) (a minute or two the first time)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	@echo "Installing okrsite, what it needs and the test tools into $(VENV) (a few minutes the first time)"
	@$(PIP) -e '.[test]'
	@touch $(VENV)/.installed $@

$(BIN)/python:
	@python=$$(sh .ci/find-python) || exit 1; \
	  echo "Making $(VENV) with $$python ($$($$python -V))"; \
	  rm -rf $(VENV) && "$$python" -m venv $(VENV)
