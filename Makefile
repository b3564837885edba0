# Everything a developer or a machine does here begins with `make`; `make help` lists it.

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/switchboard
# Outside the tree, so that a fresh clone finds what the last one built.
export CARGO_TARGET_DIR ?= $(CACHE)/target

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run dev test format check rust-check rust-test web web-test widget-size e2e contract schema audit dist bench bench-peers setup clean

WEB_SOURCES := $(shell find web -name node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
RELEASE := $(CARGO_TARGET_DIR)/release/switchboard
DEBUG := $(CARGO_TARGET_DIR)/debug/switchboard
ARGS ?=

help: ## Show this list
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

run: ## Install what is missing, build, and serve a demo
	@scripts/setup run
	@$(MAKE) --no-print-directory web/dist/.built
	cargo build --release --locked
	$(RELEASE) serve --demo $(ARGS)

dev: ## Serve a demo that reloads the web part as you type
	@scripts/setup run
	@$(MAKE) --no-print-directory web/dist/.built
	@scripts/dev $(ARGS)

test: ## Run everything that a change must pass
	@scripts/setup test
	@$(MAKE) --no-print-directory rust-format
	@$(MAKE) --no-print-directory web-test
	@$(MAKE) --no-print-directory rust-check
	@scripts/audit rules
	@$(MAKE) --no-print-directory rust-test
	@$(MAKE) --no-print-directory e2e
	@echo "all checks passed"

format: ## Write every file as its formatter wants it
	@scripts/setup run
	cargo fmt --all
	npm --prefix web run format

check: ## The quick part of the tests: format, lints, types
	@scripts/setup run
	@$(MAKE) --no-print-directory rust-format web/dist/.built rust-check
	npm --prefix web run lint
	npm --prefix web run types

.PHONY: rust-format
rust-format:
	cargo fmt --all --check

rust-check: ## Lint the Rust part
	cargo clippy --workspace --all-targets --locked -- -D warnings

rust-test: ## Test the Rust part
	cargo test --workspace --locked

web: web/dist/.built ## Build the web part

web/dist/.built: $(WEB_SOURCES)
	npm --prefix web run build
	@touch $@

bench: ## Measure what the server carries, and compare with the committed result
	@scripts/setup run
	@$(MAKE) --no-print-directory web/dist/.built
	@# One after the other, so that the server is built with its own features and no others.
	cargo build --release --locked
	cargo build --release --locked --package bench
	$(CARGO_TARGET_DIR)/release/bench run --out $(CACHE)/bench.json --against bench/results/latest.json $(ARGS)

bench-peers: ## Install the servers that ours is measured beside
	@for install in bench/peers/*/install; do echo "$$install"; "$$install"; done

web-test: ## Lint, type-check, test and build the web part
	npm --prefix web run lint
	npm --prefix web run types
	npm --prefix web run test
	@$(MAKE) --no-print-directory web/dist/.built widget-size

widget-size: web/dist/.built ## Check that the chat widget and the first load of the app stay small
	@scripts/widget-size

e2e: web/dist/.built ## Walk through the product in a browser
	@# The same build as the tests', so that nothing is compiled twice.
	cargo test --workspace --no-run --locked --quiet
	@SWITCHBOARD_BIN=$(DEBUG) scripts/e2e $(ARGS)

contract: ## Write openapi.json from the handlers, and the types of the web part from that
	cargo run --locked --quiet -- contract
	npm --prefix web run contract

schema: ## Write store/src/schema.rs from the migrations
	@scripts/schema

audit: ## Check licences, sources and known weaknesses of all crates
	@scripts/audit

dist: ## Build one archive with the server, the web part and PostgreSQL, and try it
	@scripts/setup run
	@$(MAKE) --no-print-directory web/dist/.built
	cargo build --release --locked
	@scripts/dist

setup: ## Install what building, running and testing needs
	@scripts/setup test

clean: ## Remove what was built, and keep the data
	cargo clean
	rm -rf web/dist web/node_modules
