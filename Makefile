# Two commands are enough: `make demo` and `make test`. Each prepares what it needs.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
VENV := $(or $(RACCORD_VENV),.venv)
BIN := $(VENV)/bin
PREPARER = @$(PYTHON) outils/preparer.py
CONTROLES := lint format types gabarits couches migrations

export RACCORD_VENV := $(VENV)
.DEFAULT_GOAL := aide
MAKEFLAGS += --no-print-directory
.PHONY: aide demo test quality bench bench-comparateur captures verrouiller propre preparer-dev $(addprefix controle-,$(CONTROLES))

aide: ## cette liste
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: ## prépare tout et sert la démonstration sur http://localhost:8000 (PORT=… pour un autre port)
	$(PREPARER)
	@$(BIN)/raccord demo --port $(PORT) $(ARGS)

test: ## prépare tout et lance tous les tests (ARGS='…' pour pytest)
	$(PREPARER) --dev --navigateur
	@$(BIN)/python -m pytest $(ARGS)

quality: preparer-dev ## style, types, gabarits, couches, migrations : dit tout ce qui ne va pas
	@$(MAKE) -k $(addprefix controle-,$(CONTROLES)) || { echo; echo "make quality : il reste à corriger."; exit 1; }
	@echo "make quality : tout est en ordre."

bench: preparer-dev ## mesures, une ligne JSON chacune, gardées dans docs/mesures.md
	@$(BIN)/python -m outils.bench $(ARGS)

bench-comparateur: preparer-dev ## le comparateur et les autres moteurs sur une population fictive (ARGS='--sortants 1000000')
	@$(BIN)/python -m outils.comparateur.bench $(ARGS)

captures: ## captures d'écran de chaque page, aux deux largeurs
	$(PREPARER) --dev --navigateur
	@$(BIN)/python -m outils.captures $(ARGS)

verrouiller: preparer-dev ## recompile les verrous depuis requirements/*.in (ARGS=--upgrade pour tout monter)
	@for nom in base dev; do \
		echo "requirements/$$nom.txt" && \
		$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 $(ARGS) \
			requirements/$$nom.in -o requirements/$$nom.txt || exit 1; \
	done

propre: ## efface ce qui a été produit ici : bases locales, environnement, caches
	@for base in .local/postgres .local/postgres-tests; do \
		test ! -x $(BIN)/python || $(BIN)/python -m raccord.config.base_locale effacer $$base || exit 1; \
	done
	@test ! -f $(VENV)/pyvenv.cfg || rm -rf $(VENV)
	@rm -rf .local *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

preparer-dev:
	$(PREPARER) --dev

controle-lint:
	@$(BIN)/ruff check .

controle-format:
	@$(BIN)/ruff format --check .

controle-types:
	@$(BIN)/mypy

controle-gabarits:
	@statut=0; \
	$(BIN)/djlint raccord --check || statut=1; \
	$(BIN)/djlint raccord --lint || statut=1; \
	exit $$statut

controle-couches:
	@$(BIN)/lint-imports

controle-migrations:
	@$(BIN)/raccord makemigrations --check --dry-run
