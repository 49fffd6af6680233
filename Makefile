# Everything a person or a CI machine runs. Needs Python 3.11.2 or later, make and a POSIX shell.
PORT ?= 8000
SANDBOX_PORT ?= 8099
SIMBAD_PORT ?= 8098
SIZES ?= 5000 300000
POSITIONS ?= 100000 1000000
CANDIDATES ?= 5000

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
READY := $(VENV)/.installed
# Tests, lint and benchmarks never look at the database, services and settings of whoever calls them.
ISOLATED := unset DEBUG SECRET_KEY ALLOWED_HOSTS SITE_URL SECURE_SSL_REDIRECT \
	API_RATE TRUSTED_PROXIES IVOA_AUTHORITY DATABASE_URL CACHE_URL CELERY_BROKER_URL \
	ADS_API_TOKEN ADS_API_URL ADS_UI_URL SIMBAD_TAP_URL TELBIB_URL OIDB_TAP_URL JMDC_URL; \
	export DATA_DIR="$(CURDIR)/var/scratch"
FIND_CHROMIUM := for program in "$${CHROMIUM:-}" chromium chromium-browser google-chrome; do \
	command -v "$$program" && break; done

# The first Python that is new enough; looked for only when the virtual environment is made.
PYTHON = $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11, 2))' 2>/dev/null && echo $$python && break; done)

.PHONY: help install run test lint bench worker sandbox verify lock
.DEFAULT_GOAL := help

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: $(READY) ## The virtual environment .venv with the locked dependencies

$(READY): requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11.2 or later is needed; none found as python3 or python3.11 to 3.14." >&2; exit 1; }
	@echo "Installing the locked dependencies into $(VENV) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: $(READY) ## Everything from nothing, then the site on 127.0.0.1 (PORT=8000)
	@export DEBUG=1 SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}"; set -e; \
	$(MANAGE) migrate --verbosity 0; \
	$(MANAGE) shell --verbosity 0 -c "raise SystemExit(not Paper.objects.exists())" || $(MANAGE) load_demo; \
	echo; echo "OLBIN Publications: http://127.0.0.1:$(PORT)/ (stop with Ctrl-C)"; \
	$(MANAGE) ensure_curator; echo; \
	exec $(MANAGE) runserver 127.0.0.1:$(PORT)

# One process more than there are processors: some tests wait for a worker or a browser.
PYTEST = $(BIN)/pytest -q -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 ))

test: $(READY) ## The test suite on SQLite, and on PostgreSQL when TEST_DATABASE_URL names one
	@$(ISOLATED); export DEBUG=1; set -e; skipped=; \
	CHROMIUM=$$($(FIND_CHROMIUM)) || true; export CHROMIUM; select=; \
	if [ -z "$$CHROMIUM" ]; then \
		select="not browser"; skipped="$$skipped the browser tests (set CHROMIUM or put chromium on PATH);"; \
	fi; \
	echo "== SQLite"; $(PYTEST) -m "$$select"; \
	if [ -n "$${TEST_DATABASE_URL:-}" ]; then \
		echo "== PostgreSQL"; DATABASE_URL="$$TEST_DATABASE_URL" $(PYTEST) -m "not browser"; \
	else \
		skipped="$$skipped PostgreSQL (set TEST_DATABASE_URL=postgres://user@host/name);"; \
	fi; \
	if [ -n "$$skipped" ]; then \
		echo "Skipped:$$skipped"; \
		if [ "$${CI:-}" = true ]; then echo "With CI=true a skip is a failure." >&2; exit 1; fi; \
	fi

lint: $(READY) ## Style, templates, import contracts, missing migrations, settings of production
	@$(ISOLATED); set -ex; \
	$(BIN)/ruff check .; \
	$(BIN)/ruff format --check .; \
	$(BIN)/djlint --lint --quiet templates; \
	$(BIN)/lint-imports; \
	DEBUG=1 $(MANAGE) makemigrations --check --dry-run; \
	DEBUG=1 $(MANAGE) check; \
	{ set +x; } 2>/dev/null; echo "+ manage.py check --deploy, without DEBUG"; \
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))") \
	ALLOWED_HOSTS=publications.example.org $(MANAGE) check --deploy --fail-level WARNING

bench: $(READY) ## Times of pages, desk and cones (SIZES="5000 300000" CANDIDATES=5000 POSITIONS="100000 1000000"; BENCH_DATABASE_URL adds PostgreSQL)
	@$(ISOLATED); set -e; $(BIN)/python -m benchmarks $(SIZES); $(BIN)/python -m benchmarks.desk $(CANDIDATES); \
	$(BIN)/python -m benchmarks.cone $(POSITIONS)

worker: $(READY) ## The Celery worker with its clock (CELERY_BROKER_URL names the broker)
	@test -n "$${CELERY_BROKER_URL:-}" || { echo "Set CELERY_BROKER_URL, for example redis://127.0.0.1:6379/0. Without a broker jobs run from their commands." >&2; exit 1; }
	@exec $(BIN)/celery -A olbin worker --beat --loglevel info

sandbox: $(READY) ## Stand-ins for ADS and SIMBAD (SANDBOX_PORT=8099, SIMBAD_PORT=8098), to work without a token
	@mkdir -p var; exec $(BIN)/python -m tests.sandbox --port $(SANDBOX_PORT) --simbad-port $(SIMBAD_PORT) --state var/ads.json

verify: $(READY) ## Long checks that CI leaves out: LaTeX, Lighthouse, killed syncs, 50 times as many random examples
	@$(ISOLATED); export DEBUG=1; set -e; \
	verify/latex.sh $(CURDIR)/$(BIN)/python; \
	CHROME_PATH=$$($(FIND_CHROMIUM)) || true; export CHROME_PATH; verify/lighthouse.sh $(CURDIR)/$(BIN)/python; \
	$(BIN)/python -m tests.harvest.killed_sequences 1000; \
	$(PYTEST) -m "not browser" -p tests.thorough --hypothesis-profile=thorough --timeout 3600

lock: ## requirements.lock anew from pyproject.toml (needs the network)
	@test -x var/tools/bin/uv || { $(PYTHON) -m venv var/tools && var/tools/bin/pip install --quiet uv; }
	@var/tools/bin/uv pip compile --universal --generate-hashes --python-version 3.11.2 --extra dev \
		--no-emit-index-url --no-annotate --no-header --quiet pyproject.toml -o requirements.lock
