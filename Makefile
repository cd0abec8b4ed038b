# `make` alone prints the targets. Every target is idempotent; nothing is installed twice.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run reminders test drill faults bench lint format catalogs environment clean

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= 2
export PORT HOST
# The default destination of reminders.
run reminders: export MAIL_URL ?= file:var/outbox
run reminders: export SMS_URL ?= file:var/outbox
# Bytecode is cached, even if the machine disables it by default.
unexport PYTHONDONTWRITEBYTECODE

ifneq ($(SECRET_KEY),)
secret :=
else
export SECRET_KEY_FILE ?= var/secret_key
secret := $(SECRET_KEY_FILE)
endif

catalog_sources := $(wildcard translations/*/LC_MESSAGES/messages.po)
compiled_catalogs := $(catalog_sources:.po=.mo)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.installed $(compiled_catalogs) $(secret) ## start Tablo on http://localhost:PORT (8000) with demo data and the services for reminders and abandoned matches
	@mkdir -p var
	@[ -s var/tablo.db ] || rm -f var/prepared
	@$(if $(DATABASE_URL),.venv/bin/python -m flask prepare,$(MAKE) --no-print-directory var/prepared && cat var/prepared)
	@echo "Tablo: http://localhost:$(PORT)"
	@trap 'kill $$(jobs -p) 2>/dev/null; wait' EXIT; trap exit INT TERM; \
	.venv/bin/python -m flask reminders run & \
	.venv/bin/python -m flask matches run & \
	.venv/bin/python -m gunicorn --config gunicorn.conf.py "app:create_app()" & \
	wait $$!

reminders: .venv/.installed $(compiled_catalogs) $(secret) ## send the reminders that are due; to var/outbox unless MAIL_URL or SMS_URL is set
	@.venv/bin/python -m flask reminders once

test: .venv/.installed-dev node_modules/.installed $(compiled_catalogs) ## run the tests; T=tests/rules or T="-k phone" selects some
	.venv/bin/python -m pytest $(if $(T),$(T),--numprocesses $(WORKERS) --dist worksteal)

drill: .venv/.installed-dev ## randomized fault simulation of the live core; SEEDS=1-10000 is a range, SEEDS=17 traces one run
	.venv/bin/python -m tests.live.simulator $(or $(SEEDS),1-2000)

faults: .venv/.installed-dev $(compiled_catalogs) ## kill each part with 2,000 listeners connected, five minutes; ROUNDS=3 repeats it
	.venv/bin/python -m tests.faults $(ROUNDS)

bench: .venv/.installed-dev $(compiled_catalogs) .cache/bench/load ## compare Tablo with its peers, under two minutes; FULL=1 measures everything and writes docs/performance.md
	@$(MAKE) --no-print-directory --silent --keep-going .cache/bench/channels/.installed .cache/bench/nginx/.installed || true
	@.venv/bin/python -m bench $(if $(FULL),--full) $(if $(ROW),--only "$(ROW)")

lint: .venv/.installed-dev node_modules/.installed ## formatters, linters, types, architecture rules, catalogs
	@failed=0; say() { echo "$$*"; "$$@" || failed=1; }; \
	say .venv/bin/ruff check --quiet .; \
	say .venv/bin/ruff format --quiet --check .; \
	say .venv/bin/mypy; \
	say .venv/bin/djlint --quiet --lint --profile=jinja templates; \
	say node_modules/.bin/biome ci; \
	say .venv/bin/python -m pytest --quiet tests/architecture; \
	exit $$failed

format: .venv/.installed-dev node_modules/.installed ## let the formatters rewrite the source
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	node_modules/.bin/biome check --write

catalogs: .venv/.installed ## collect new texts into translations/*/messages.po, then compile
	@mkdir -p .cache
	.venv/bin/pybabel -q extract --mapping-file babel.cfg --no-wrap --no-location --sort-output --project Tablo \
	  --keywords _l --keywords lazy_gettext --keywords lazy_ngettext:1,2 --output-file .cache/messages.pot .
	@for language in ru kk en; do \
	  [ -f translations/$$language/LC_MESSAGES/messages.po ] || \
	  .venv/bin/pybabel -q init --input-file .cache/messages.pot --output-dir translations --locale $$language --no-wrap; \
	done
	.venv/bin/pybabel -q update --input-file .cache/messages.pot --output-dir translations --no-wrap \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(MAKE) --no-print-directory environment

environment: .venv/.installed $(compiled_catalogs) ## create .venv and compile the catalogs

clean: ## remove all generated files except the data in var/
	rm -rf .venv .cache node_modules $(compiled_catalogs)

# For a Python without ensurepip (Debian's) the environment is created by an unpacked virtualenv.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tablo needs Python 3.11 or newer; PYTHON=... names another one")'
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { \
	  rm -rf .venv; \
	  $(PYTHON) -m pip install --quiet --target .cache/virtualenv virtualenv && \
	  PYTHONPATH=.cache/virtualenv $(PYTHON) -m virtualenv --quiet .venv; \
	} || { echo "No virtual environment could be made: install python3-venv or python3-pip" >&2; exit 1; }

.venv/.installed: requirements.txt | .venv/bin/python
	.venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt requirements.txt | .venv/bin/python
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@ .venv/.installed

# The load client of the bench; without a C compiler one from a registry package is used.
.cache/bench/load: bench/load.c
	@mkdir -p $(@D)
	@command -v $(CC) >/dev/null || .venv/bin/python -m pip install --quiet --disable-pip-version-check --target .cache/bench/zig ziglang
	@compiler="$(CC)"; command -v $(CC) >/dev/null || compiler=".cache/bench/zig/ziglang/zig cc"; \
	$$compiler -std=c11 -O2 -Wall -Wextra -Wpedantic -Werror -o $@.$$$$ $< && mv $@.$$$$ $@

# The peers of the bench. Those that cannot be installed are left out, and the bench says so.
.cache/bench/channels/.installed: bench/requirements-channels.txt | .venv/bin/python
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --target $(@D) --requirement $<
	@touch $@

# Unpacked, not installed. The module creates one system directory whatever its configuration; the path in its binary is
# replaced by one of equal length inside the folder in which nginx is started.
.cache/bench/nginx/.installed:
	@mkdir -p $(@D)
	@cd $(@D) && apt-get download -qq -o APT::Sandbox::User=root nginx libnginx-mod-nchan && \
	for package in *.deb; do dpkg -x $$package . ; done && rm -f *.deb
	@LC_ALL=C sed -i 's|/var/lib/nginx/body|nchan_messages_here|g' $(@D)/usr/lib/nginx/modules/ngx_nchan_module.so
	@touch $@

node_modules/.installed: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

%.mo: %.po | .venv/.installed
	@.venv/bin/pybabel -q compile --use-fuzzy --input-file $< --output-file $@ 2>/dev/null

# Loading Tablo takes a second or two; this is skipped before gunicorn unless there is a new migration.
var/prepared: $(wildcard migrations/versions/*.py)
	@.venv/bin/python -m flask prepare > $@.new && mv $@.new $@

# Generated once and kept: a new one would sign everybody out.
var/secret_key:
	@umask 077 && mkdir -p var && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))' > $@.new && mv $@.new $@
