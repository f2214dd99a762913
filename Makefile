# make demo          set up what is missing and serve the demo on http://127.0.0.1:8000 (PORT=9000 for another port)
# make test          every test (ARGS="-k ballot" for some)
# make check         style, floors, types, known weaknesses, migrations, translations, deployment settings
# make bench         measure speed, JSON lines (ONLY=name for one)
# make faults        break things on purpose and watch (ONLY=F7 for one)
# make setup         only set up
# make pins          pin requirements*.in anew, with hashes
# make sbom          list every pinned package as CycloneDX in var/sbom.json
# make clean         remove everything that set-up and runs have made, the demo's data too

PYTHON ?= python3
VENV := .venv/bin
SETUP = @$(PYTHON) -I participation/setup.py

# A run starts many processes; compiled once, they start in a fraction of the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check bench faults setup pins sbom clean

demo:
	$(SETUP)
	@exec env DEMO=1 $(if $(PORT),PORT=$(PORT)) $(VENV)/python manage.py serve

test:
	$(SETUP) --dev
	@$(VENV)/python -m pytest -n logical --dist worksteal -m "not faults" $(ARGS)

check:
	$(SETUP) --dev
	@$(VENV)/python -m tests.check $(ONLY)

bench:
	$(SETUP) --dev
	@$(VENV)/python -m tests.load $(ONLY)

faults:
	$(SETUP) --dev
	@$(VENV)/python -m pytest tests/faults --timeout 300 $(if $(ONLY),-k $(ONLY)_) $(ARGS)

setup:
	$(SETUP)

pins:
	$(SETUP) --dev
	@$(VENV)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --annotation-style line \
		--custom-compile-command "make pins" requirements.in -o requirements.txt
	@$(VENV)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --annotation-style line \
		--custom-compile-command "make pins" -c requirements.txt requirements-training.in -o requirements-training.txt
	@$(VENV)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --annotation-style line \
		--custom-compile-command "make pins" -c requirements.txt requirements-dev.in -o requirements-dev.txt
	@$(VENV)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --annotation-style line \
		--custom-compile-command "make pins" requirements-semgrep.in -o requirements-semgrep.txt

sbom:
	@$(PYTHON) -I tests/sbom.py > var/sbom.json

clean:
	rm -rf .venv node_modules static/vendor var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
