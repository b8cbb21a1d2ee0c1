# Everything a person does with this repository. `make` alone prints this list.
.DEFAULT_GOAL := help
CAMPAIGN ?= all
# Tests are vetted by lint and linked without symbols for a debugger: a minute less.
quick := -vet=off -ldflags=-w
.PHONY: help demo e2e e2e-all images cluster cluster-down test test-all long components postgres generate manifests verify build lint unit test-ecosystem release chart browser integration campaign docs vulnerabilities clean

help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Needed: Linux, Go, make, gcc (race detector), npm or an installed PostgreSQL."
	@echo "  No container engine and no cluster: both are started here, on 127.0.0.1."

demo: ## Three NGOs on a real node of this machine (root), or a simulated one: NODE=simulated. KEEP=1 leaves it running.
	@bash hack/demo.sh

e2e: ## Tests on a real node with running pods; CLUSTER=kind|existing takes another cluster. See test/e2e/README.md.
	@bash hack/e2e.sh

e2e-all: ## The same with every case of hot upgrades: 35 minutes more.
	@E2E=all bash hack/e2e.sh

cluster: ## A real cluster on this machine (Linux, root); WITH=gateway adds one. See hack/cluster/README.md.
	@cd hack/cluster && go run . up $(if $(WITH),--with $(WITH))

cluster-down: ## End it; nothing is left behind.
	@cd hack/cluster && go run . down

test: ## What every change must pass, stage by stage with times: about 16 minutes once all is built.
	@bash hack/test.sh

test-all: ## The same, and all that takes long: 200 NGOs, the BEAM, a browser, a real node. Fails above 75 minutes.
	@bash hack/test.sh all

components: ## Download or build kube-apiserver, etcd, ... into the cache (once; about 6 minutes on 2 cores).
	@go run ./hack/controlplane/fetch

postgres: ## Find or fetch PostgreSQL 15 and 18 into the cache (once).
	@go run ./internal/postgres/postgrestest/install 15 18

generate: ## Write everything that is generated: deep copies, CRDs, the chart's copies.
	sh hack/generate.sh

manifests: generate ## The same as generate.

verify: ## Fail if anything generated differs from what `make generate` writes.
	@bash hack/verify.sh

build: ## Compile everything; the operator and the kubectl plugin land in bin/.
	go build ./...
	@CGO_ENABLED=0 go build -trimpath -o bin/organisation-operator .
	@CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o bin/kubectl-glific ./cmd/kubectl-glific

lint: ## golangci-lint with the house's import rules, kube-api-linter on api/.
	go vet ./...
	go tool -modfile=hack/tools/lint/go.mod golangci-lint run --allow-parallel-runners --config hack/lint/golangci.yaml ./...
	go tool -modfile=hack/tools/apilint/go.mod golangci-lint-kube-api-linter run --allow-parallel-runners --config hack/lint/kube-api-linter.yaml ./api/...

unit: ## Tests that start no program, with the race detector.
	go test $(quick) -race $$(bash hack/packages.sh unit | grep -v /internal/fleet$$)
	go test $(quick) ./internal/fleet # pure: no goroutine of its own, and its stories take minutes under the detector
	cd hack/cluster && go test ./...
	cd hack/release && go test ./...

test-ecosystem: ## What kstatus, Argo CD and Prometheus make of what the operator says, in modules of their own.
	cd test/ecosystem && go test ./...
	cd test/alerts && go test ./...

release: ## Everything of a release, reproducibly, in out/release: make release VERSION=v0.1.0
	cd hack/release && go run . --version "$(VERSION)" --source ../.. --out ../../out/release

images: ## Tests of the images that the real node runs: two builds are the same, and each starts.
	cd hack/images && go test ./...

chart: components postgres ## Tests of the Helm chart against config/ and a real API server, in a module of their own: Helm is heavy.
	cd hack/chart && go test ./...

browser: components postgres ## The fleet page with a thousand NGOs in a real Chromium; SCREENSHOTS=FOLDER keeps pictures.
	cd test/browser && BROWSER=required go test -timeout 15m -v .

integration: components postgres ## Tests on a real control plane and a real PostgreSQL.
	go test $(quick) -p $$(($$(nproc) + 1)) -timeout 60m $$(bash hack/packages.sh integration) # they wait for their servers as long as they work

long: components postgres ## Releases to 200 NGOs on a real API server, and the BEAM stand-in on this machine.
	go test $(quick) -timeout 60m $$(bash hack/packages.sh long)

campaign: components postgres ## The operator killed at every single write; CAMPAIGN= (empty) takes the sample of make test.
	CAMPAIGN=$(CAMPAIGN) CAMPAIGN_SEED=$(CAMPAIGN_SEED) go test $(quick) -v -timeout 24h ./test/campaign
	$(if $(CAMPAIGN),CAMPAIGN=$(CAMPAIGN) go test -v -timeout 60m ./internal/postgres -run Crash)

docs: ## Write docs/api.md and docs/conditions.md from the types in api/.
	@bash hack/docs/generate.sh

vulnerabilities: ## govulncheck, where its database can be reached.
	@bash hack/vulnerabilities.sh

clean: ## Remove what was built here. The cache of components stays; its path is printed.
	rm -rf bin out
	@echo "cache: $${XDG_CACHE_HOME:-$$HOME/.cache}/organisation-operator"
