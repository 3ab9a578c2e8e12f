# Every target is a line of its own; `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PNPM := npx --yes pnpm@12.21.0
STAMP := node_modules/.setup
REPORTS := node_modules/.cache/test-reports

# Node 24 and the tools come from node_modules; only `setup` uses the Node of the machine.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help setup demo check format test simulate mutations faults bench up down real-parts

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## Install Node 24 and the packages, if the lock file has changed
	@:

$(STAMP): pnpm-lock.yaml pnpm-workspace.yaml
	$(PNPM) install --frozen-lockfile
	@touch $@

demo: setup ## Answer the sample requests in one process; needs nothing but Node
	./concord demo

check: setup ## Format, lint, types and unit tests; Node only, under a minute
	oxfmt --check .
	oxlint --type-aware
	tsc -p .
	vitest run --project unit --reporter=default --reporter=json --outputFile.json=$(REPORTS)/unit.json

format: setup ## Format every file
	oxfmt .

test: check ## All tests: check, then the whole constellation in one process, then on Kafka, the registry and Redis
	vitest run --project system --reporter=default --reporter=json --outputFile.json=$(REPORTS)/system.json
	vitest run --project real --reporter=default --reporter=json --outputFile.json=$(REPORTS)/real.json

simulate: setup ## The constellation in one process under a virtual clock, with faults by chance; `SEEDS=10000 FROM=1`, or one with its history: `SEED=17`
	NODE_COMPILE_CACHE=$(CURDIR)/node_modules/.cache/node node test/simulation/main.ts --seed '$(SEED)' --seeds $(or $(SEEDS),1000) --from $(or $(FROM),1)

mutations: setup ## Put known bugs into a copy of the sources, one at a time, and see that the simulation finds each; `ONLY=dedupe-skipped,order-lost`
	node test/simulation/mutate.ts --only '$(ONLY)'

faults: setup ## Break three brokers, the parts and every service under load, and count what was lost; `ONLY=broker-stop,redis-wiped RATE=10`
	node test/faults/main.ts

bench: setup ## Measure speed, memory and processor time beside bare kafkajs, in about ten minutes; writes bench/results.md; `ONLY=c,d`
	NODE_COMPILE_CACHE=$(CURDIR)/node_modules/.cache/node node bench/src/main.ts

up: setup ## Start Kafka, the registry, Redis and every service
	./concord up

down: setup ## End what `make up` started
	./concord down

real-parts: setup ## Download Kafka and the registry and install Redis, for use without Docker
	node scripts/install-real-parts.ts
