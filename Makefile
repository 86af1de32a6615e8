# The commands of this checkout; `make` alone explains them.
# Paths are relative: make cannot handle a folder whose name has a space.

PYTHON ?= python3
ARGS ?=
CONNECTION ?=
COVERAGE ?=

# A word that nothing reads would be passed over in silence.
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
UNKNOWN := $(filter-out PYTHON ARGS CONNECTION COVERAGE INVENTORY HOST EVIDENCE CI WINMAIL_%,$(GIVEN))
ifneq ($(UNKNOWN),)
$(error there is no variable $(UNKNOWN) here: `make` tells which there are)
endif

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

# nox keeps environments by the Pythons they are made of; noxfile.py has the sessions.
NOX := python -m nox --no-color

.DEFAULT_GOAL := help
.PHONY: help
help: ## Explain these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "Variables: PYTHON=python3.12 (which Python makes .venv), ARGS='-k name' (more words for what a command runs),"
	@echo "and those that a command's line names."

.PHONY: setup
setup: ## Make .venv with everything below; done by itself where it is needed
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || { echo "make: there is no Python 3 called $(PYTHON): install Python 3.10 or newer, or name one with PYTHON="; exit 1; }
	@"$(PYTHON)" tools/setup.py

.PHONY: setup-kerberos
setup-kerberos: setup ## Add what the tests of Kerberos need, built from source (minutes; wants gcc, python3-dev, libkrb5-dev)
	@"$(PYTHON)" tools/setup.py kerberos

.PHONY: demo
demo: setup ## Show the fault, the cure and the proof on a simulated Windows network (half a minute)
	@python -m lab.demo

.PHONY: test
test: setup ## Run all tests (a quarter to half an hour on two cores); COVERAGE=yes counts what ran, for `make coverage`
	$(if $(COVERAGE),coverage erase)
	python -m $(if $(COVERAGE),coverage run -m )pytest --numprocesses=auto --maxprocesses=8 $(ARGS)

.PHONY: coverage
coverage: setup ## Report the lines and branches of plugins/ that `make test COVERAGE=yes` ran (.cache/coverage/html)
	@[ -e .cache/coverage/.coverage ] || coverage combine --quiet
	@torn=$$(find .cache/coverage -name '.coverage.*' -print -delete | wc -l); \
	[ "$$torn" -eq 0 ] || echo "make: $$torn data files were torn by a kill while they were written; what they hold counts as not run"
	coverage html --quiet
	coverage report --skip-covered --show-missing --fail-under=95

.PHONY: matrix
matrix: setup ## Run the story on every supported ansible-core and Python that is here (ARGS='--tags 2.21', '-p 3.12')
	$(NOX) --session matrix --parallel auto $(ARGS)

.PHONY: pythons
pythons: setup ## Run the demo and the cheaper tests on the oldest and the newest other Python that is here (ARGS='-s "pythons(3.12)"')
	$(NOX) $(or $(ARGS),--tags ends)

.PHONY: worlds
worlds: setup ## Run the behaviour suite in every world that docs/assumptions.md lists (CONNECTION=psrp: over psrp)
	WINMAIL_EXCHANGE_CONNECTION="$(CONNECTION)" python -m pytest --numprocesses=auto --maxprocesses=8 tests/integration/worlds $(ARGS)

.PHONY: cases
cases: setup ## Replay what administrators met on real hosts, and print a line for each kind (tests/cases/kinds.yml)
	python -m pytest --numprocesses=auto --maxprocesses=8 --quiet -m case tests/unit tests/integration $(ARGS)

.PHONY: fuzz
fuzz: setup ## Give every parser twenty times as many broken answers as `make test` does (some minutes)
	WINMAIL_EXCHANGE_FUZZ=20 python -m pytest --numprocesses=auto --maxprocesses=8 --dist=load tests/unit/fuzz $(ARGS)

.PHONY: molecule
molecule: setup ## Run the scenarios of extensions/molecule on the simulated network (one minute)
	@export LAB="$$(mktemp -d "$(CURDIR)/.cache/molecule-XXXXXX")"; export ANSIBLE_HOME="$$LAB/ansible"; \
	trap '[ ! -e "$$LAB/pid" ] || kill "$$(cat "$$LAB/pid")"; rm -rf "$$LAB"' EXIT; \
	NO_COLOR=1 molecule test --all --no-command-borders $(ARGS)

.PHONY: mutation
mutation: setup ## Change the pure packages line by line and count what no test notices: ARGS='_rights --show'
	python tools/mutation.py $(ARGS)

.PHONY: verify
verify: setup ## Check the assumptions on one real host: make verify INVENTORY=hosts.yml HOST=name (docs/verify.md)
	@[ -n "$(INVENTORY)" ] && [ -n "$(HOST)" ] || { echo "make: say which host: make verify INVENTORY=FILE HOST=NAME (docs/verify.md tells what is touched)"; exit 1; }
	ANSIBLE_DISPLAY_OK_HOSTS=yes ansible-playbook --inventory "$(INVENTORY)" --limit "$(HOST)" --extra-vars '{"target": "$(HOST)"}' $(ARGS) playbooks/verify.yml

.PHONY: replay
replay: setup ## Make what `make verify` kept a host of the lab and a permanent test: make replay EVIDENCE=file.json
	@[ -n "$(EVIDENCE)" ] || { echo "make: say which file: make replay EVIDENCE=FILE (docs/verify.md tells how it is made)"; exit 1; }
	python tools/replay.py "$(EVIDENCE)"

.PHONY: bench
bench: setup ## Count the requests of each task and the controller's time
	python tests/bench/run.py $(ARGS)
	python tests/bench/fleet.py
	python tests/bench/screens.py
	python tests/bench/report.py

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
	$(NOX) --session sanity $(if $(ARGS),-- $(ARGS))

.PHONY: units
units: setup ## Run the plugins' tests by ansible-test, with nothing but their own requirements
	$(NOX) --session units $(if $(ARGS),-- $(ARGS))

.PHONY: build
build: setup ## Build the tarball of the collection into .cache/dist
	ansible-galaxy collection build --output-path .cache/dist --force

.PHONY: importer
importer: build ## Import the tarball as Galaxy and Automation Hub do; any remark fails (a minute)
	python tools/importer.py

.PHONY: docs
docs: setup ## Build the documentation site in .cache/docs/html: guides, plugins, role
	@python tools/docs/build.py

.PHONY: picture
picture: setup ## Draw docs/architecture.svg from the imports of plugins/
	@python tools/docs/picture.py

.PHONY: lock
lock: setup ## Pin each requirements-NAME.in anew in its requirements-NAME.txt
	python tools/lock.py

.PHONY: clean
clean: ## Remove what these commands made
	rm -rf .venv .cache .ansible changelogs/.plugin-cache.yaml
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
