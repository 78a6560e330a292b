# Each target does all its own set-up from a bare clone. Needed beforehand: Python 3.11 or newer, its pip, and make.

PYTHON := .venv/bin/python
ARGS ?=
# What production would be configured with; for checks that only read the settings.
AS_PRODUCTION := env ENV_FILE=/dev/null DEBUG=false ALLOWED_HOSTS=lms.example.org \
	SECRET_KEY=not-a-secret-but-long-enough-for-the-check-of-its-length-0123456789 \
	FIELD_ENCRYPTION_KEYS=Zm9yLXRlc3RzLW9ubHktYS1rZXktb2YtMzItYnl0ZXM=
SYSTEM_PYTHON := $(shell for python in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

.PHONY: help demo test lint bench chaos ready chromium

help:
	@echo "make demo    start everything on this machine, with sample data; Ctrl-C stops it"
	@echo "make test    run the tests; more options in ARGS, as in: make test ARGS='-k export'"
	@echo "make lint    check style, types, migrations and the production settings"
	@echo "make bench   measure speed and memory"
	@echo "make chaos   kill processes and connections, and check that nothing is lost"

demo: ready
	@$(PYTHON) -m lms_project.local.demo

test: ready chromium
	$(PYTHON) -m pytest -m "not chaos" -n 2 $(ARGS)

lint: ready
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	DEBUG=1 $(PYTHON) -m mypy .
	$(AS_PRODUCTION) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(AS_PRODUCTION) $(PYTHON) -m lms_project.local.migrations_lint
	$(AS_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: ready
	$(PYTHON) -m bench $(ARGS)

chaos: ready
	$(PYTHON) -m pytest -m chaos $(ARGS)

chromium: ready
	@$(PYTHON) -m lms_project.local.chromium

ready:
	@$(if $(SYSTEM_PYTHON),,echo "Python 3.11 or newer is needed, and none was found on the PATH." >&2; exit 1)
	@$(SYSTEM_PYTHON) lms_project/local/bootstrap.py
