# make run: everything from a fresh machine to a served page. make test: everything that must hold.
PYTHON ?= python3
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export SPATC_ENVIRONMENT ?= demo

STYLES = static/built/app.css
SOURCES = $(wildcard static/source/*) package.json package-lock.json

.PHONY: run free prepare test lint types contracts suite suite-sqlite suite-postgresql bench mutants lock clean

run: free prepare
	@SPATC_PORT=$(PORT) .venv-run/bin/gunicorn --config spatc_funds/cli/serve.py --bind 127.0.0.1:$(PORT) app:app

free:
	@$(PYTHON) -c "import socket, sys; taken = socket.socket().connect_ex(('127.0.0.1', $(PORT))) == 0; sys.exit('Port $(PORT) is in use: choose another, PORT=8001 make run' if taken else 0)"

prepare: .venv-run/ready $(STYLES)
	@PORT=$(PORT) .venv-run/bin/flask --app app prepare

.venv-run/ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed (PYTHON=…)")'
	$(PYTHON) -m venv --clear .venv-run
	.venv-run/bin/pip install --quiet --require-hashes -r requirements.lock
	@touch $@

.venv/ready: requirements-test.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed (PYTHON=…)")'
	$(PYTHON) -m venv --clear .venv
	.venv/bin/pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@

# npm where there is one with a node that is new enough, else node from the package index, in an environment of its own.
$(STYLES): $(SOURCES)
	@if command -v npm >/dev/null 2>&1 && node -e "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)"; then npm ci --no-audit --no-fund --loglevel=error && npm run --silent build; \
	else $(PYTHON) -m venv .venv-node && .venv-node/bin/pip install --quiet --require-hashes -r requirements-node.lock \
	&& PATH="$(CURDIR)/.venv-node/bin:$$PATH" npm ci --no-audit --no-fund --loglevel=error \
	&& PATH="$(CURDIR)/.venv-node/bin:$$PATH" npm run --silent build; fi
	@touch $@

test: lint types contracts suite

lint: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: .venv/ready
	.venv/bin/mypy

contracts: .venv/ready
	.venv/bin/lint-imports

# Both databases at once, one a core: PostgreSQL's run is kept aside and printed when it is done.
suite: .venv/ready $(STYLES)
	@TEST_DATABASE=postgresql .venv/bin/python -m pytest > .postgresql.log 2>&1 & other=$$!; \
	echo "SQLite:"; .venv/bin/python -m pytest --cov --cov-report= && .venv/bin/python -m tests.coverage_gate; one=$$?; \
	wait $$other; two=$$?; echo; echo "PostgreSQL:"; cat .postgresql.log; \
	if [ $$one -ne 0 ] || [ $$two -ne 0 ]; then exit 1; fi

suite-sqlite: .venv/ready $(STYLES)
	.venv/bin/python -m pytest

suite-postgresql: .venv/ready $(STYLES)
	TEST_DATABASE=postgresql .venv/bin/python -m pytest

bench: .venv/ready $(STYLES)
	@.venv/bin/python -m benchmarks

mutants: .venv/ready $(STYLES)
	.venv/bin/python -m tests.mutants

# Locks carry no host names: uv is told to leave them out.
lock:
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --group test -o requirements-test.lock
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --group node -o requirements-node.lock
	npm install --package-lock-only --no-audit --no-fund
	$(PYTHON) -c "import json; lock = json.load(open('package-lock.json')); [each.pop('funding', None) for each in lock['packages'].values()]; open('package-lock.json', 'w').write(json.dumps(lock, indent=2, ensure_ascii=False) + chr(10))"

clean:
	rm -rf .postgresql.log .venv .venv-run .venv-node node_modules static/built instance
