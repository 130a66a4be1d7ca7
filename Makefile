# `make run` uses Evensong, `make test` checks it. Both first set up whatever is missing, ask nothing, go on after an
# interruption, and cost nothing when all is in place.

PYTHON ?= python3
BENCHMARKS ?= pipeline latency

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input
# Build tools are pinned as well and used without isolation: nothing enters that has no hash.
LOCKED := $(INSTALL) --no-build-isolation --require-hashes
MODEL := models/small-en-us/evensong.json
VOICES := models/voices/evensong.json
OVERLAPS := models/overlaps/evensong.json

.PHONY: help run setup demo test lint bench lock screenshots clean
.DELETE_ON_ERROR:

help:
	@echo "make run     set up, then listen (without a microphone: play the demonstration evening)"
	@echo "make demo    set up, then play the demonstration evening: no sound card needed"
	@echo "make test    set up, then lint, types and all tests"
	@echo "make setup   set up only        make bench   measure (BENCHMARKS=\"pipeline latency\")"
	@echo "make lint    style and types    make clean   remove what make made (keeps models and your journal)"

run: setup
	@$(BIN)/evensong listen --or-demo

demo: setup
	@$(BIN)/evensong demo

setup: $(VENV)/.run $(MODEL) $(VOICES) $(OVERLAPS)

# The order of the folders is the order of the runs: what is quick to fail runs first.
test: lint $(MODEL) $(VOICES) $(OVERLAPS)
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder \
	  tests/unit tests/conversations tests/page tests/audio tests/devices

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup $(VENV)/.dev
	@for name in $(BENCHMARKS); do $(BIN)/python -m benchmarks $$name || exit 1; done

# Pins the newest versions that pyproject.toml allows: one set for every Python and machine that Evensong runs on.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 \
  --generate-hashes --no-annotate --custom-compile-command "make lock"
lock: $(VENV)/.run
	$(INSTALL) --quiet uv
	$(LOCK) --group build -o requirements/build.txt
	$(LOCK) -c requirements/build.txt --extra natural --extra semantic --extra writing pyproject.toml -o requirements/run.txt
	$(LOCK) -c requirements/build.txt -c requirements/run.txt --extra natural --extra semantic --extra writing --extra plots --extra encrypted --extra page --group test --group lint --group bench \
	  pyproject.toml -o requirements/dev.txt

# The page as the README and docs/page.md show it, of a simulated household.
screenshots: $(VENV)/.dev $(MODEL) $(VOICES)
	PYTHONPATH=tests $(BIN)/python tests/page/screenshots.py docs/page

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@sh packaging/system.sh venv "$(PYTHON)"
	"$(PYTHON)" -m venv --clear $(VENV)

$(VENV)/.run: $(BIN)/python requirements/build.txt requirements/run.txt pyproject.toml packaging/system.sh
	@sh packaging/system.sh run "$(PYTHON)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	$(LOCKED) -r requirements/build.txt
	$(LOCKED) -r requirements/run.txt
	$(INSTALL) --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@sh packaging/system.sh test "$(PYTHON)"
	$(LOCKED) -r requirements/dev.txt
	@touch $@

# Touched, because a model that is intact stays as it is; not there, when your settings keep models elsewhere.
$(MODEL): $(VENV)/.run models/catalog.toml
	@$(BIN)/evensong models install small-en-us
	@$(BIN)/evensong match "gratitude time" >/dev/null # the second opinion learns once, so that nobody waits for it later
	@test ! -e $@ || touch $@

$(VOICES): $(VENV)/.run models/catalog.toml
	@$(BIN)/evensong models install voices
	@test ! -e $@ || touch $@

$(OVERLAPS): $(VENV)/.run models/catalog.toml
	@$(BIN)/evensong models install overlaps
	@test ! -e $@ || touch $@
