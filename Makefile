# Gongkai: `make` lists what can be made. Everything lands in .venv/ (programs) and var/ (data; never deleted from here).
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# a shell that forbids Python its bytecode would make every start of Prefect ten times as slow
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV

BIN := .venv/bin
# extra words for the program underneath: make test ARGS="-k feed", make bench ARGS="--items 10000"
ARGS ?=

.PHONY: help setup demo desk test system lint types messages goldens coverage bench bench-desk bench-report chaos clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: ## everything into .venv/, from python3 alone (PYTHON=python3.13 to choose one)
	@scripts/setup.sh

demo: setup ## a year of a street office through the whole house, into var/demo/
	@$(BIN)/gongkai demo $(ARGS)

desk: setup ## the staff's door of a practice office, at http://127.0.0.1:8765, from var/desk/
	@$(BIN)/gongkai --home var/desk desk --sample $(ARGS)

test: setup system lint types ## all checks and all tests
	@$(BIN)/pytest $(ARGS)

system: ## what the tests need from the system: PostgreSQL, a browser, poppler, Java, a WordPress, a Bluesky server
	@scripts/system.sh

lint: setup ## ruff
	@echo "ruff"
	@$(BIN)/ruff check

types: setup ## mypy
	@echo "mypy"
	@$(BIN)/mypy

messages: setup ## collect what the desk says, and show what has no English yet
	@$(BIN)/python scripts/messages.py

goldens: setup ## accept what the channels say now, and show how that differs from before
	@$(BIN)/pytest -q --accept tests/channels $(ARGS)
	@git --no-pager diff --stat -- tests/channels/goldens

coverage: setup ## which lines the tests do not reach
	@$(BIN)/coverage run -m pytest -q $(ARGS)
	@$(BIN)/coverage report

bench: setup ## draw a site of many editions, beside Hugo
	@env -u UV_DEFAULT_INDEX -u UV_INDEX_URL $(BIN)/uv sync --locked --quiet --inexact --group bench --python $(BIN)/python
	@$(BIN)/python bench/site.py $(ARGS)

bench-desk: setup # the desk's pages over 100,000 items, on SQLite and PostgreSQL
	@$(BIN)/python bench/desk.py $(ARGS)

chaos: setup ## deliveries through faults and deaths, counted: ARGS="--platform wechat"
	@$(BIN)/python bench/chaos.py $(ARGS)

bench-report: setup # an annual report over 1,000,000 deliveries, on SQLite and PostgreSQL
	@$(BIN)/python bench/report.py $(ARGS)

clean: ## back to a fresh clone, but for var/
	@find . \( -path ./.venv -o -path ./var -o -path ./.git \) -prune -o -name __pycache__ -type d -exec rm -rf {} +
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist *.egg-info
