# Two commands on a fresh machine with Python >= 3.11 and make:  make demo,  make test
PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
RUN := .venv/bin
ARGS ?= -n auto --dist worksteal
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys.executable)')
export UV_PROJECT_ENVIRONMENT := .venv
# Whom this machine trusts, as its own programs do: networks with a certificate of their own would refuse otherwise.
export UV_SYSTEM_CERTS := 1
# Modules are compiled once, not anew by every process that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test faults check audit sbom install install-dev

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: install ## The Japan case from its words to its scorecard, then the site (SERVE=0: without the site)
	@DEBUG=1 PYTHONUNBUFFERED=1 $(RUN)/python manage.py demo $(if $(filter 0,$(SERVE)),--no-serve)

test: install-dev check ## Everything static, then every test that this machine can run (ARGS=… for pytest)
	$(RUN)/pytest $(ARGS)

faults: install-dev ## Every fault in its long form, 200 kills among them, on the engine that DATABASE_URL names
	FAULTS=long $(RUN)/pytest -n 0 -rs -s tests/faults $(FAULT_ARGS)

check: install-dev ## Everything static: style, types, floors, migrations, production settings, templates
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	DEBUG=1 $(RUN)/mypy
	$(RUN)/lint-imports --no-logo
	DEBUG=1 $(RUN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(RUN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		DEBUG=0 $(RUN)/python manage.py check --deploy --fail-level WARNING
	$(RUN)/djlint --quiet --lint --profile=django predictions/templates

audit: $(UV) ## Known faults of the packages in the lock file (asks the network; no part of `make test`)
	@$(UV) export --quiet --frozen --no-dev --format requirements-txt | $(UV) tool run --quiet pip-audit --requirement /dev/stdin --disable-pip

sbom: $(UV) ## What the site is made of, as CycloneDX in var/sbom.json
	@mkdir -p var && $(UV) export --quiet --frozen --no-dev --preview-features sbom-export --format cyclonedx1.5 --output-file var/sbom.json >/dev/null && echo var/sbom.json

install: $(UV)
	@echo "Setting up .venv …"
	@$(UV) sync --quiet --frozen --no-dev --inexact

install-dev: $(UV)
	@$(UV) sync --quiet --frozen

.uv/bin/uv:
	@echo "Setting up uv in .uv …"
	@$(PYTHON) -c 'import sys; sys.exit("Forsooth needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
