# The front door. Each target does its own set-up; `make help` lists them.
SHELL := /bin/bash
BUILD := build
DATA  ?= .dev
LISTEN ?= 127.0.0.1:8080

.PHONY: help run build test test-quick test-long test-clang test-sanitize bench bench-accuracy fuzz install clean setup

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make run            build what is missing and start the service: a page to open
run: build
	@$(BUILD)/likeness serve --data $(DATA) --listen $(LISTEN)

## make build          leaves build/likeness and build/likeness-decode
build:
	@tools/setup build paper wasm
	@tools/build $(BUILD)

## make test           every test: gcc, clang, sanitizers, browser; ends with the totals
test:
	@tools/setup build paper wasm test pages drawings
	@tools/test all

## make test-quick     the tier for while you work, under a minute
test-quick:
	@tools/setup build paper wasm test
	@tools/test quick

## make test-clang     builds with clang, runs the quick tier
test-clang:
	@tools/setup build paper wasm test
	@tools/test clang

## make test-sanitize  the quick tier under AddressSanitizer and UndefinedBehaviorSanitizer
test-sanitize:
	@tools/setup build paper wasm test
	@tools/test sanitize

## make test-long      soaks and long trials, by hand
test-long:
	@tools/setup build paper wasm test pages
	@tools/test long

## make bench          what docs/performance.md quotes, measured here
bench:
	@tools/setup build paper wasm test bench
	@tools/build $(BUILD)
	@tools/bench $(BUILD)

## make bench-accuracy  what is found of video and voice, half an hour (QUICK=1: three minutes)
bench-accuracy:
	@tools/setup build bench accuracy
	@tools/build $(BUILD)
	@bench/av/run.sh $(BUILD) $(if $(QUICK),--quick)

## make fuzz           libFuzzer on every parser, a minute each (FUZZ_SECONDS=60)
fuzz:
	@tools/setup build paper wasm test
	@tools/fuzz

## make install        under PREFIX (default /usr/local)
install: build
	@meson install -C $(BUILD) --no-rebuild

## make clean          removes what was built, keeps .dev
clean:
	rm -rf build build-clang build-sanitize build-fuzz
