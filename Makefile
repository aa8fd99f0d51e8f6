# Thin names over swift and scripts/.
.PHONY: setup build demo test check examples docs readme sim sanitize bench faults fuzz peers screenshots release clean

setup:
	@scripts/setup

build: setup
	@swift build

# A team of agents reads this repository and writes a report about it.
demo: build
	@scripts/demo

# What CI runs.
test: setup check
	scripts/tests
	BATON_ALONE=1 scripts/tests --no-parallel --filter CommandEndTests
	scripts/sim --seeds 0..20000
	scripts/sim --bound-seeds 0..5000
	scripts/sim --corpus
	scripts/sim --exhaustive 6 9
	scripts/sim --planted
	@scripts/examples
	@scripts/readme
	@scripts/docs
	.build/debug/BatonFuzz 10000
	@$(faults) --short
	@$(peers)

check:
	@scripts/check

examples: build
	@scripts/examples

# The library's documentation; a warning of DocC is an error.
docs: build
	@scripts/docs

readme: build
	@scripts/readme

release: setup
	swift build -c release -Xswiftc -static-stdlib --product baton

# Takes the pictures of docs/pictures anew; skipped where there is no chromium.
screenshots: build
	@scripts/screenshots

# Plays simulated disasters on the rules; see docs/simulator.md.
sim: setup
	scripts/sim --seeds 0..100000
	scripts/sim --corpus
	scripts/sim --exhaustive 12 1
	scripts/sim --planted

# The tests with ThreadSanitizer, then with AddressSanitizer: two builds of their own, half an hour. Not in CI.
sanitize: setup
	scripts/sanitize thread
	scripts/sanitize address

# Real faults of the program: a thousand kills, every write, ten thousand images of the disk. `make test` plays a short form.
faults = sh -c 'command -v python3 >/dev/null || { echo "SKIP faults: python3 is not installed"; exit 0; }; exec scripts/faults "$$@"' faults
faults: build
	@$(faults)

# Readers of what models say, with what nobody should say. `make test` lets them read 10,000.
fuzz: setup
	swift build -c release --product BatonFuzz --scratch-path .build-sim -Xswiftc -static-stdlib
	.build-sim/release/BatonFuzz 1000000

# Programs that are not ours: the providers' SDKs and a server of each form, from PyPI.
peers = sh -c 'command -v python3 >/dev/null || { echo "SKIP peers: python3 is not installed"; exit 0; }; exec scripts/peers "$$@"' peers
peers: build
	@$(peers)

bench: setup
	@scripts/bench

clean:
	rm -rf .build
