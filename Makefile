# A menu; the work is done by cargo and the scripts in tools/. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CONTRACTS := participant-registry trace-code assembly-graph event-log
CARGO_TARGET_DIR ?= target
BIN := $(CARGO_TARGET_DIR)/debug/suyuan
CASE ?= robot
SCALE ?= 1
LANGUAGE ?= en
DEMO_FLAGS := --case $(CASE) --lang $(LANGUAGE) --out target/demo \
	$(if $(filter robot power supply-chain,$(CASE)),--scale $(SCALE)) $(if $(FAULTS),--faults "$(FAULTS)") \
	$(if $(FILE),--file "$(FILE)") $(if $(ROOT),--root "$(ROOT)") $(if $(KEEP),--keep)

.PHONY: help
help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'
	@echo
	@echo "  make demo SCALE=4 KEEP=1 LANGUAGE=zh        more robots, node left running, in Chinese"
	@echo "  make demo CASE=power [FAULTS=repair,...]     annex A.2; CASE=supply-chain is annex A.3, both with all faults"
	@echo "  make demo CASE=catena-x FILE=PATH [ROOT=ID]  trace a document of your own"
	@echo "  make wasm CONTRACT=counter                   build one contract to target/wasm/"

.PHONY: prerequisites
prerequisites:
	@bash tools/prerequisites.sh

.PHONY: demo
demo: prerequisites ## play a case on a fresh chain and answer its questions: CASE=robot|power|supply-chain|catena-x
	@echo "building the node (minutes on a fresh machine, seconds afterwards)" >&2
	@cargo build --locked --bin suyuan
	@$(BIN) demo $(DEMO_FLAGS)

.PHONY: build
build: prerequisites ## build everything but the benchmarks
	cargo build --locked

.PHONY: test
test: prerequisites ## run all tests, those with real clients included
	bash tools/test.sh

.PHONY: soak-certificate
soak-certificate: ## forge a million certificates, all refused; goes on where it was stopped
	cargo test --locked --test certificate_it -- --ignored --nocapture no_forgery_of_a_million_is_accepted

.PHONY: soak-certificate-ts
soak-certificate-ts: ## forge ten thousand certificates for both verifiers, in Rust and in TypeScript
	cargo test --locked --test certificate_it -- --ignored --nocapture both_verifiers_refuse_ten_thousand_forgeries

.PHONY: differential
differential: prerequisites ## the contract engine beside cosmwasm-vm, call by call: a slice (needs minutes to build wasmer)
	cargo test --locked --workspace --test differential -- --nocapture

.PHONY: soak-differential
soak-differential: ## the same for hours, going on where it was stopped; SUYUAN_SOAK_SECONDS per part
	cargo test --locked --workspace --test differential -- --ignored --nocapture for_hours

.PHONY: soak-smith
soak-smith: ## 100,000 random modules through the rewrite; goes on where it was stopped
	cargo test --locked --workspace --test differential -- --ignored --nocapture many_random_modules

.PHONY: soak-fuzz
soak-fuzz: ## millions of changed inputs for regions, sections, uploads, the rewrite and contracts' answers
	cargo test --locked --test fuzz -- --ignored --nocapture changed_inputs
	cargo test --locked -p suyuan-app --lib -- --ignored --nocapture changed_answers
.PHONY: soak-residue
soak-residue: ## alternate a contract that litters with one that looks at every byte, a million times (SUYUAN_ROUNDS=N)
	cargo test --locked --release --test vm -- --ignored --nocapture v9_nothing_is_left_in_a_million_alternations

.PHONY: vm-syscalls
vm-syscalls: ## count the system calls about memory that a warm message makes
	bash tools/vm-syscalls.sh
.PHONY: soak-network-sim
soak-network-sim: ## a million simulated blocks of a network, crashes and traitors included; goes on where it was stopped
	cargo test --locked --release --test abci_it -- --ignored --nocapture a_million_blocks_and_no_divergence

.PHONY: soak-network
soak-network: ## kill, pause and restart validators of a real network a hundred times; goes on with the next seed
	cargo test --locked --test it -- --ignored --nocapture a_hundred_perturbations_lose_nothing

.PHONY: worst-block
worst-block: ## fill a block with the dearest class of operators and time it: SUYUAN_BLOCK_GAS=N (1,000,000)
	cargo test --locked --test app_it -- --ignored --nocapture g7_a_full_block_of_the_worst_class

.PHONY: vm-bombs
vm-bombs: ## compile the dearest modules that uploads let through beside an ordinary contract: BESIDE=FILE.wasm
	cargo run --locked --release -p suyuan-vm --example bombs -- $(if $(BESIDE),--beside $(BESIDE))

.PHONY: wasm
wasm: ## build a contract to optimised wasm: CONTRACT=name, all four without
	bash tools/wasm-build.sh target/wasm $(if $(CONTRACT),$(CONTRACT),$(addprefix suyuan-,$(CONTRACTS)))

.PHONY: artifacts
artifacts: ## rebuild the checked-in wasm of the contracts and its checksums
	bash tools/artifacts.sh

.PHONY: schema
schema: ## rewrite schema/ (JSON schema and TypeScript types) from the message types
	bash tools/schema.sh schema

.PHONY: lint
lint: ## formatting and clippy, warnings are errors
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- -D warnings

.PHONY: bench
bench: prerequisites ## run the benchmarks with their baselines into target/figures.json
	cargo build --locked --release -p suyuan-node
	cargo run --locked --release -p suyuan-figures

.PHONY: soak-encodings
soak-encodings: ## encode signed transactions otherwise, SUYUAN_SOAK_ENCODINGS times per sign mode, all refused
	SUYUAN_SOAK_ENCODINGS=$${SUYUAN_SOAK_ENCODINGS:-5000000} cargo test --release --locked --test app_it t1_ -- --nocapture

.PHONY: soak-snapshot
soak-snapshot: ## write a million keys out and take them over, in at most a minute
	cargo test --locked --release -p suyuan-store --test store_behaviour -- --ignored --nocapture a_million_keys
.PHONY: soak-log-images
soak-log-images: ## a million crash images of the block log; goes on where it was stopped
	cargo test --locked --release --test solo_it -- --ignored --nocapture a_million_images_of_the_block_log

.PHONY: soak-engine-images
soak-engine-images: ## ten thousand crashes and ten thousand changed bytes of the state engine's files; goes on
	cargo test --locked --release --test solo_it -- --ignored --nocapture ten_thousand

.PHONY: soak-kill
soak-kill: ## kill -9 a node under load a thousand times, nothing acknowledged is lost; goes on where it was stopped
	cargo build --locked --release --bin suyuan
	cargo test --locked --release --test it -- --ignored --nocapture a_thousand_kills

.PHONY: soak-keys
soak-keys: ## fill ten million keys once; time to open, memory, and what a key of a commit costs (4 GB of disk)
	cargo test --locked --release -p suyuan-store --test store_behaviour -- --ignored --nocapture ten_million_keys

.PHONY: flood
flood: ## latency of an honest account in a flood, which must stay below twice that of an idle chain (idle machine, release)
	cargo build --locked --release --bin suyuan
	SUYUAN_FLOOD_TXS=$${SUYUAN_FLOOD_TXS:-1000} SUYUAN_FLOOD_FACTOR=2 cargo test --locked --release --test it flood -- --nocapture

.PHONY: soak-memory
soak-memory: ## a million transfers through one node, whose memory must stay flat (SUYUAN_MEMORY_TXS=N)
	cargo build --locked --release --bin suyuan
	cargo test --locked --release --test it -- --ignored --nocapture memory_is_flat_over_a_million_transfers
