SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check unit reliability bench lock set-up clean

VENV := .venv/bin

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: set-up ## put samples/ through the main job and show what was decided
	@scripts/run-samples

test: ## format, lint, types and tests
	@scripts/set-up --for-tests
	@$(MAKE) --no-print-directory -j2 check unit

check: set-up ## format, lint and types only
	$(VENV)/ruff format --check
	$(VENV)/ruff check
	$(VENV)/mypy

# 5 is no test to run: ARGS may name some that are all of one kind.
unit: ## the tests only, those that hold times after the others; ARGS=... goes to pytest
	@scripts/set-up --for-tests
	$(VENV)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m 'not alone' $(ARGS) || [ $$? -eq 5 ]
	$(VENV)/pytest -m alone $(ARGS) || [ $$? -eq 5 ]

reliability: ## the full tests of what it survives, with their figures (a quarter of an hour)
	@scripts/set-up --for-tests
	RELIABILITY=full $(VENV)/pytest tests/test_reliability.py tests/test_hostile.py tests/test_imap.py $(ARGS)

bench: set-up ## the benchmarks, and a report in build/bench (three quarters of an hour; see benchmarks/README.md)
	@shopt -s nullglob; for script in benchmarks/[a-z]*.py; do $(VENV)/python -m benchmarks.$$(basename "$$script" .py); done

lock: ## renew requirements.lock from pyproject.toml; ARGS=--upgrade for newer versions
	@scripts/lock $(ARGS)

set-up: ## .venv with the command pipeline, and Tesseract: only what is missing
	@scripts/set-up

clean: ## remove what make has made
	rm -rf .venv build
