# The commands of this checkout; `make` alone explains them.
# Paths are relative: make cannot handle a folder whose name has a space.

PYTHON ?= python3
ARGS ?=

# Named, so that make does not start programs past the PATH below (make 3.81 on macOS does, without a shell).
SHELL := bash

# The environment's tools come first, so that each finds the others.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# What belongs to the person who runs this (collections, configuration, caches) neither helps nor hurts.
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
unexport ANSIBLE_CONFIG ANSIBLE_COLLECTIONS_PATH ANSIBLE_INVENTORY ANSIBLE_ROLES_PATH PYTHONPATH PYTHONHOME
# Ansible refuses to start in a locale that is not UTF-8, and tools speak English to scripts.
ifeq ($(shell uname -s),Linux)
export LC_ALL := C.UTF-8
endif

.DEFAULT_GOAL := help
.PHONY: help
help: ## Explain these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "Variables: PYTHON=python3.12 (which Python makes .venv), ARGS='-k name' (more words for test, sanity, worlds and bench)."

.PHONY: setup
setup: ## Make .venv with everything below; done by itself where it is needed
	@command -v "$(PYTHON)" >/dev/null || { echo "make: there is no $(PYTHON): install Python 3.10 or newer, or name one with PYTHON="; exit 1; }
	@"$(PYTHON)" tools/setup.py

.PHONY: demo
demo: setup ## Show the fault, the cure and the proof on a simulated Windows network (half a minute)
	@python -m lab.demo

.PHONY: test
test: setup ## Run all tests (about ten minutes on two cores)
	python -m pytest --numprocesses=auto --maxprocesses=8 $(ARGS)

.PHONY: worlds
worlds: setup ## Run the behaviour suite in every world that docs/assumptions.md lists
	python -m pytest --numprocesses=auto --maxprocesses=8 tests/integration/worlds $(ARGS)

.PHONY: molecule
molecule: setup ## Run the scenarios of extensions/molecule on the simulated network (one minute)
	@export LAB="$$(mktemp -d "$(CURDIR)/.cache/molecule-XXXXXX")"; export ANSIBLE_HOME="$$LAB/ansible"; \
	trap '[ ! -e "$$LAB/pid" ] || kill "$$(cat "$$LAB/pid")"; rm -rf "$$LAB"' EXIT; \
	NO_COLOR=1 molecule test --all --no-command-borders $(ARGS)

.PHONY: verify
verify: setup ## Check the assumptions on one real host: make verify INVENTORY=hosts.yml HOST=name (docs/verify.md)
	@[ -n "$(INVENTORY)" ] && [ -n "$(HOST)" ] || { echo "make: say which host: make verify INVENTORY=FILE HOST=NAME (docs/verify.md tells what is touched)"; exit 1; }
	ansible-playbook --inventory "$(INVENTORY)" --limit "$(HOST)" --extra-vars '{"target": "$(HOST)"}' $(ARGS) tests/verify/verify.yml

.PHONY: bench
bench: setup ## Count the requests of each task and the controller's time
	python tests/bench/run.py $(ARGS)
	python tests/bench/fleet.py

LINTS := lint-format lint-ruff lint-mypy lint-yaml lint-ansible lint-changelog lint-docs lint-licences
.PHONY: lint $(LINTS)
lint: $(LINTS) ## Check style, types, YAML, playbooks, changelog, documentation and licences (`make -k lint`: all findings)
lint-format: setup
	ruff format --check .
lint-ruff: setup
	ruff check .
lint-mypy: setup
	mypy
lint-yaml: setup
	yamllint .
lint-ansible: setup
	ansible-lint
lint-changelog: setup
	antsibull-changelog lint
lint-docs: setup
	antsibull-docs lint-collection-docs --plugin-docs .
lint-licences: setup
	reuse lint --quiet || reuse lint

.PHONY: format
format: setup ## Lay out the Python files and repair what ruff can
	ruff check --fix .
	ruff format .

.PHONY: sanity
sanity: setup ## Run ansible-test sanity (a minute at the first time)
	python tools/sanity.py $(ARGS)

.PHONY: build
build: setup ## Build the tarball of the collection into .cache/dist
	ansible-galaxy collection build --output-path .cache/dist --force

.PHONY: lock
lock: setup ## Pin requirements-dev.in anew in requirements-dev.txt
	python tools/lock.py

.PHONY: clean
clean: ## Remove what these commands made
	rm -rf .venv .cache .ansible changelogs/.plugin-cache.yaml
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
