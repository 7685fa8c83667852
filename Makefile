# `make` alone lists what there is. The environment is made on the first use of any target, and again when what it is
# made from changes.
PYTHON ?= python3
# For instance: make test PYTEST_ARGS="tests/engine -x". Without it all tests run, in three processes, a file in one of them.
PYTEST_ARGS ?= -n 3 --dist loadfile

# How many assessments `make years` plays.
YEARS_OF ?= 500
# How often `make drill` goes through each disaster.
DRILL_ROUNDS ?= 3
# Of `make chaos` and `make drill`: a seed drawn anew unless one is given, seconds in which faults begin, postgresql or sqlite.
SEED ?= $(shell awk 'BEGIN { srand(); print int(rand() * 1000000) }')
DURATION_S ?= 180
REGISTER ?= postgresql
# What is run once more with each register on PostgreSQL: all that has one, to its ends. A part of it: make test-postgres PG=tests/cli.
PG ?= tests/register tests/workflows tests/client tests/cli tests/web tests/permissions tests/demo

BIN := .venv/bin
INSTALLED := .venv/.installed
HAS_PIP := $(BIN)/python -m pip --version >/dev/null 2>&1
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo up test drill test-long test-documents test-browser test-oidc test-postgres screenshots check coverage bench bench-memory requirements freeze-release years chaos test-chaos bench-sweep bench-growth

help: ## この一覧を表示する
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## 実行環境（.venv）を用意する

demo: $(INSTALLED) ## 用意した物語で、動くところを見る
	@$(BIN)/minaoshi demo

up: $(INSTALLED) ## 本体を起動する（サーバー、ワーカー）
	@$(BIN)/minaoshi up

years: $(INSTALLED) ## 500件の評価書の十年を過ごし、年度ごとに示す（YEARS_OF=100 で100件）
	@$(BIN)/python -m tests.years $(YEARS_OF)

drill: $(INSTALLED) ## 台帳やエンジンを失わせ、復元と照合を試す（DRILL_ROUNDS=5 SEED=7 で同じものを五回）
	@$(BIN)/python -m tests.client.drill $(DRILL_ROUNDS) $(SEED)

test: $(INSTALLED) ## テストをすべて実行する
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-long: $(INSTALLED) ## 時間のかかるテスト（十年、更新と巻戻し、復元の訓練、全ての量）を実行する
	@TEST_AMOUNTS=whole $(BIN)/python -m pytest -n 2 --dist loadfile -m "long or whole"

test-documents: $(INSTALLED) ## 書き出した文書を、紙面で確かめる（fonts-noto-cjk、libreoffice-calc-nogui、poppler-utils が必要）
	@$(BIN)/python -m pytest -n 0 -m system tests/rendering

test-browser: $(INSTALLED) ## ページを、本物のブラウザーで確かめる（chromium、fonts-noto-cjk が必要）
	@$(BIN)/python -m pytest -n 0 -m browser tests/browser

screenshots: $(INSTALLED) ## 全てのページの画像を docs/screens に作る（chromium、fonts-noto-cjk が必要）
	@$(BIN)/python -m tests.browser.screenshots

test-oidc: $(INSTALLED) tests/oidc/node_modules ## サインインを、本物の認証サーバーで確かめる（Node 20 以上、npm、chromium が必要）
	@$(BIN)/python -m pytest -n 0 -m oidc tests/oidc

test-postgres: $(INSTALLED) ## 台帳を本物の PostgreSQL に置いて、台帳を使うテストを端から端まで実行する（一部だけ: PG=tests/cli）
	@$(BIN)/python -m pytest --register postgresql $(PYTEST_ARGS) $(PG)

check: $(INSTALLED) ## 書き方、型、依存の向き、ライセンスを確かめる
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/python -m schemas.publish --check
	$(BIN)/python docs/generate.py --check
	$(BIN)/python .ci/check_licences.py
	$(BIN)/python .ci/check_tree.py

coverage: $(INSTALLED) ## 規則とスキーマのテストが、全ての分岐を通ることを確かめる
	@$(BIN)/python -m pytest tests/guideline tests/schemas --cov=guideline --cov=schemas --cov-branch \
	  --cov-report=term-missing:skip-covered --cov-fail-under=100

bench: $(INSTALLED) ## 性能を測る（一部だけ: make bench PARTS="reviews sweep"）
	@$(BIN)/python -m bench $(PARTS)

bench-sweep: $(INSTALLED) ## 年次の一巡を、大きな数で測る（make bench-sweep SIZE=40000、一時間ほど）
	@$(BIN)/python -m bench.sweep $(SIZE)

bench-growth: $(INSTALLED) ## 費用の伸びを測り、図のもとに残す（十分ほど。一部だけ: make bench-growth PARTS=registers）
	@$(BIN)/python -m bench.growth $(PARTS)
	@$(BIN)/python docs/generate.py

bench-memory: $(INSTALLED) ## 1,000件の見直しと1,741通の事務連絡の間、ワーカーの使う記憶が増えないことを測る
	@$(BIN)/python -m bench.memory

chaos: $(INSTALLED) ## 本物の一式を次々に壊し、約束が守られることを確かめる（SEED、DURATION_S、REGISTER=sqlite）
	@$(BIN)/python -m chaos --seed $(SEED) --duration $(DURATION_S) --register $(REGISTER)

test-chaos: $(INSTALLED) ## 仕込んだ欠陥を chaos が見つけることを確かめる
	@$(BIN)/python -m pytest -n 0 -m chaos tests/chaos

freeze-release: $(INSTALLED) ## リリースの履歴とスキーマを凍結する（RELEASE=0.2.0）
	@$(BIN)/python -m tests.freeze_release $(RELEASE)

tests/oidc/node_modules: tests/oidc/package.json
	@npm install --prefix tests/oidc --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

requirements: ## requirements.txt を pyproject.toml から作り直す（uv が必要）
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-strip-extras \
	  --custom-compile-command "make requirements" --extra dev pyproject.toml --output-file requirements.txt

$(INSTALLED): requirements.txt pyproject.toml
	@$(HAS_PIP) || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 以上が必要です。ほかの Python を使うには: make PYTHON=python3.12 setup' >&2; exit 1; }
	@echo '実行環境（.venv）を用意しています。初めてのときは 1 分ほどかかります。'
	@$(HAS_PIP) || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
