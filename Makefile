# bionas: two commands set everything up. `make quickstart` runs a search, `make test` runs the tests. `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
NODE_BIN := $(CURDIR)/node_modules/.bin
export PATH := $(NODE_BIN):$(PATH)
NPM_FLAGS := --no-audit --no-fund --loglevel=error
# Whoever has the whole keeps the whole.
RUNTIME := $(if $(wildcard node_modules/.installed),node_modules/.installed,node_modules/.runtime)
HAS_NPM := command -v npm >/dev/null || { echo "npm is missing: install Node.js (any version with npm) first" >&2; exit 1; }
NO_PACKAGES := { echo "the packages did not come: npm needs its registry ($$(npm config get registry)) once; when it can be reached, run the same command again" >&2; exit 1; }

.PHONY: $(shell sed -n 's/^\([a-z][a-z0-9-]*\):.*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-24s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: node_modules/.installed tensorflow ## Install Node 22, the packages and TensorFlow's C library

# What a search needs; tests and gates need the rest as well.
node_modules/.runtime: package-lock.json
	@$(HAS_NPM)
	@echo 'npm ci --omit=dev'
	@npm ci --omit=dev $(NPM_FLAGS) || $(NO_PACKAGES)
	@touch $@

node_modules/.installed: package-lock.json
	@$(HAS_NPM)
	@echo 'npm ci'
	@npm ci $(NPM_FLAGS) || $(NO_PACKAGES)
	@touch node_modules/.runtime $@

tensorflow: ## Get TensorFlow's C library from PyPI into the user's cache
	@python3 scripts/fetch-tensorflow.py

tfjs-node: node_modules/.installed ## Build the addon of @tensorflow/tfjs-node, the second loader of TensorFlow (needs g++)
	@scripts/build-tfjs-node.sh

data: $(RUNTIME) ## Get Fashion-MNIST into the user's cache
	@bin/bionas data fetch fashion-mnist

quickstart: $(RUNTIME) tensorflow data ## Search mixed-rule cells on Fashion-MNIST, retrain the winner, test it
	bin/bionas run examples/quickstart.yaml

cluster: node_modules/.installed cluster-programs ## Start Kubernetes with fake GPU nodes and NATS (WITH_NODE=1: and a real node, by root)
	@node --disable-warning=ExperimentalWarning scripts/cluster/main.ts up $(if $(WITH_NODE),--with-node)

operator: node_modules/.installed ## Run the operator of this checkout on what make cluster started, until Ctrl-C
	@node --disable-warning=ExperimentalWarning scripts/cluster/main.ts operator $(FLAGS)

cluster-down: node_modules/.installed ## End what make cluster started
	@node --disable-warning=ExperimentalWarning scripts/cluster/main.ts down

cluster-programs: ## Build Kubernetes from the Go module proxy into the user's cache (once, about ten minutes)
	@scripts/cluster/kubernetes/build.sh >&2

e2e: install data cluster-programs ## Install by helm, search, disturb, upgrade and uninstall in real containers (Linux, root)
	@vitest run --project plane --reporter=verbose test/cluster/images
	@BIONAS_TEST_CUDA_IMAGE=1 vitest run --project integration --reporter=verbose test/scripts/images/cuda-image

kueue: ## Build Kueue's controller from the Go module proxy into the user's cache (once, five to ten minutes); its tests are skipped without
	@scripts/cluster/kueue/build.sh >&2

s3-server: ## Build versitygw, a server of S3's protocol, from the Go module proxy into the user's cache (once, minutes); tests of S3 are skipped without
	@scripts/s3/build.sh >&2

check-gpu: install ## What to run first on a card of NVIDIA's: devices, steps beside the processor's, determinism, memory, XLA, speed, workers
	@node --disable-warning=ExperimentalWarning scripts/check-gpu/main.ts

images: install ## Build the images of operator and trainer without Docker, with bills of materials, into dist/images (Debian)
	@node --disable-warning=ExperimentalWarning scripts/images/main.ts

image-cuda: install ## The same of trainer-cuda, from PyPI's CUDA wheels (2.5 GB, once)
	@scripts/fetch-tensorflow-cuda.sh
	@node --disable-warning=ExperimentalWarning scripts/images/main.ts cuda

check: node_modules/.installed ## Format, lint, types, layers, unused code, generated files
	npm run -s check

# Without the addon its tests are skipped: a machine without g++ still passes.
test: install data ## Install what is missing and run all tests
	@scripts/build-tfjs-node.sh || echo "the tests of the tfjs-node executor are skipped"
	@sh scripts/run-tests.sh

test-unit: node_modules/.installed ## Only the fast, pure tests
	vitest run --project unit

test-cluster: node_modules/.installed cluster-programs ## Only the tests on a real Kubernetes and NATS
	vitest run --project cluster --project plane

soak: node_modules/.installed cluster-programs ## A search of 10,000 trials on a real Kubernetes and NATS (minutes): nothing lost, twice or held on to
	vitest run --config test/soak/vitest.config.ts

fuzz: node_modules/.installed ## Hand every reader of foreign bytes thousands of damaged files (FUZZ_RUNS=..., minutes)
	FUZZ_RUNS=$(or $(FUZZ_RUNS),5000) vitest run test/foreign-bytes

torch-venv: ## Make the Python environment of checks and benchmarks (PyTorch, about 5 GB)
	@scripts/torch-venv.sh

check-steps: install ## Train 20 steps in float64 and again in PyTorch, every learning rule among them; the first with BioTorch's layers
	python=$$(scripts/torch-venv.sh) && \
	$$python -m pip install --quiet --disable-pip-version-check --no-deps -r benchmarks/peers/requirements-no-deps.txt && \
	node scripts/compare-steps-with-pytorch.ts --python $$python $(FLAGS)

bench-trainer: install ## Time a training step beside PyTorch and BioTorch
	python=$$(scripts/torch-venv.sh) && \
	$$python -m pip install --quiet --disable-pip-version-check --no-deps -r benchmarks/peers/requirements-no-deps.txt && \
	node benchmarks/bench-trainer.ts --python $$python

bench-rules: install ## Time a training step under each learning rule beside backpropagation
	node benchmarks/bench-rules.ts

bench-kernels: install ## Say which kernels a training step spends its time in, by learning rule
	node benchmarks/bench-kernels.ts

search-table: install data ## Train every cell of a small space once, for comparisons of searches (an hour; goes on where it was)
	node --disable-warning=ExperimentalWarning benchmarks/make-search-table.ts $(FLAGS)

bench-search: node_modules/.installed ## Compare algorithms and schedulers on the cells of make search-table (FLAGS=...)
	node --disable-warning=ExperimentalWarning benchmarks/bench-search.ts $(FLAGS)

bench-fidelity: install data ## Train published networks by published recipes (TARGET=..., hours; goes on where it was)
	node --disable-warning=ExperimentalWarning benchmarks/bench-fidelity.ts $(if $(TARGET),--target $(TARGET)) $(FLAGS)

bench-real-searches: install ## Carry out a search by every algorithm and scheduler on a part of CIFAR-10 (half an hour; goes on where it was)
	node --disable-warning=ExperimentalWarning benchmarks/bench-real-searches.ts $(FLAGS)

bench-local: install data ## Train a small cell of operations that learn locally beside the same ones frozen
	node --disable-warning=ExperimentalWarning benchmarks/bench-local.ts $(FLAGS)

bench-supernet: install data ## Set supernets beside networks trained alone, and time their steps (hours; goes on where it was)
	node --disable-warning=ExperimentalWarning benchmarks/bench-supernet.ts $(FLAGS)

bench-plan: install data ## Plan small searches and carry them out: how far plans are off (ten minutes)
	node --disable-warning=ExperimentalWarning benchmarks/bench-plan.ts

bench-search-throughput: install ## Time a whole search beside Ray Tune with PyTorch
	python=$$(scripts/torch-venv.sh) && \
	$$python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers/requirements.txt && \
	node benchmarks/bench-search-throughput.ts --python $$python

bench-loader: install ## Decode photographs beside torchvision's loader on the same files (DIR with train/CLASS)
	python=$$(scripts/torch-venv.sh) && \
	$$python -m pip install --quiet --disable-pip-version-check --no-deps -r benchmarks/peers/requirements-no-deps.txt -r benchmarks/peers/requirements-loader.txt && \
	node benchmarks/bench-loader.ts $(DIR) --python $$python

bench-dashboard: node_modules/.installed ## Time the dashboard's page over 10,000 trials in Chromium
	node --disable-warning=ExperimentalWarning benchmarks/bench-dashboard.ts

bench-workers: install ## Time a step of two workers beside that of one process with two threads
	node benchmarks/bench-workers.ts $(FLAGS)

bench-operator: node_modules/.installed cluster-programs ## Time the operator on a real Kubernetes (BENCH=--big: and 50,000 trials)
	node --disable-warning=ExperimentalWarning benchmarks/bench-operator.ts $(BENCH)

scale: node_modules/.installed cluster-programs ## 5,000 fake nodes of 8 GPUs, 2,000 trials at once, on a real Kubernetes (FLAGS="--trials N")
	node --disable-warning=ExperimentalWarning benchmarks/bench-operator.ts --case scale $(FLAGS)

bench-algorithms: node_modules/.installed ## Time search algorithms, and set them against random search on a table
	node --disable-warning=ExperimentalWarning benchmarks/bench-algorithms.ts

dashboard: node_modules/.installed ## Build the dashboard's page into dashboard/dist, which is committed
	@npm run -s dashboard

docs: node_modules/.installed ## Build the site of the documentation into dist/site, to be opened from there (BASE=/path/ where it is served)
	@node --disable-warning=ExperimentalWarning scripts/docs-site/main.ts $(if $(BASE),--base $(BASE))

generate: node_modules/.installed ## Write the CRDs, the chart's values, docs/fields.md, docs/result.md, docs/cli.md and the compiled loops from their sources
	node crds/generate.ts
	node charts/generate.ts
	node scripts/write-field-docs.ts
	node scripts/write-result-docs.ts
	node scripts/write-cli-docs.ts
	node scripts/write-pixels.ts

install-yaml: node_modules/.installed ## Write dist/install.yaml, the charts as one file for kubectl (helm of the PATH, else from npm)
	@node scripts/write-install-yaml.ts

format: node_modules/.installed ## Format and fix what can be fixed
	biome check --write .

clean: ## Remove what tests and runs left here; the caches stay
	rm -rf dist coverage test-report*.json kubernetes-build.log kueue-build.log s3-build.log runs
