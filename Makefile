.PHONY: help run test test-course test-unit test-engine test-browser test-scale lint format screenshots bench load soak doctor clean

bin := .venv/bin
npm := node_modules/.bin
front := "static/**/*.js" "static/**/*.css"
manage := $(bin)/python manage.py
pytest := $(bin)/python -m pytest --durations=20 --durations-min=10

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## set up what is missing and serve on http://127.0.0.1:8000
	@scripts/setup.sh
	@exec $(manage) run

test:  ## set up what is missing, lint, and run all three tiers of tests
	@scripts/setup.sh --test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory --jobs 3 third-unit third-engine third-browser

# All wait for engines more than they work, so they run side by side, each with an engine of its own. What the second
# and the third say is shown at their ends.
gateway := tests/engine/gateway tests/engine/test_compose.py
browser := tests/engine/test_load.py tests/browser
said_at_its_end = >var/$@.log 2>&1; failed=$$?; cat var/$@.log; exit $$failed
.PHONY: third-unit third-engine third-browser
third-unit:
	@$(pytest) tests/unit $(gateway)
third-engine:
	@mkdir -p var
	@$(pytest) tests/engine $(addprefix --ignore ,$(gateway) $(browser)) $(said_at_its_end)
third-browser:
	@mkdir -p var
	@$(pytest) $(browser) $(said_at_its_end)

test-course:  ## one learner goes through the whole course in a browser: some four minutes
	@scripts/setup.sh --test
	$(pytest) tests/browser/test_course.py

test-unit:  ## the tests that need no engine
	@scripts/setup.sh --unit
	$(pytest) tests/unit

test-engine:  ## the tests that need an engine, not a browser
	@scripts/setup.sh --test
	$(pytest) tests/engine

test-browser:  ## the tests in a real browser
	@scripts/setup.sh --test
	$(pytest) tests/browser

# Threads of the tests end with their connections open, which psycopg warns of.
test-scale:  ## what one process and SQLite hide, on the PostgreSQL and the Redis that DATABASE_URL and REDIS_URL name
	@scripts/setup.sh --test
	@$(bin)/python -m pip install --quiet --disable-pip-version-check -r requirements-scale.txt
	$(pytest) -W ignore::ResourceWarning -W ignore::pytest.PytestUnraisableExceptionWarning tests/scale \
	    $(addprefix tests/unit/,checks classroom keeping pages seats)

lint:  ## formatting, style, types, and which room may import which
	$(npm)/prettier --check --log-level warn $(front)
	$(npm)/eslint static
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports

format:  ## put the code in its format
	$(npm)/prettier --write --log-level warn $(front)
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

screenshots:  ## pictures of every page and state, in var/screenshots; the best ones, for the README and the front page, in static/img
	@scripts/setup.sh --test
	SCREENSHOTS=var/screenshots PICTURES=static/img $(pytest) \
	    tests/browser/test_axe.py tests/browser/test_axe_accounts.py tests/browser/test_axe_states.py \
	    tests/browser/test_classroom.py tests/browser/test_faults.py tests/browser/test_pictures.py

bench:  ## measure what the playground costs beside the engine alone; only="calls builds" for parts of it
	@scripts/setup.sh --test
	$(manage) bench $(if $(only),--only $(only))

load:  ## a class of thirty and their teacher at work, as their browsers would be: its figures, and what went wrong
	@scripts/setup.sh --test
	$(manage) load

soak:  ## one such class after another for ten minutes: whether memory stays flat, and nothing is left
	@scripts/setup.sh --test
	$(manage) load --minutes 10

doctor:  ## what this machine gives, and what to do about what is missing
	@$(manage) doctor

clean:  ## remove what set-up and the tools made; the database stays
	rm -rf .venv node_modules .packages staticfiles .mypy_cache .ruff_cache .hypothesis .import_linter_cache tests/browser/out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
