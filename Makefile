# What the build server runs, and how the committed files are made again.
#
#   make check    everything a change has to pass
#   make build    the program, stripped, in bin/
#   make assets   scripts, styles, map and fonts of the pages (needs Node)
#   make images   pictures of every screen, in docs/images (needs Chromium)
#   make figures  the built-in tables, from publishers' extracts
#   make bench    times, memory and sizes beside their targets
#   make fuzz     every fuzz target for FUZZTIME

GO       ?= go
FUZZTIME ?= 20s
BROWSER   = ./internal/screens
PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

# Everything but the race detector runs without cgo, so that build, vet, lint
# and tests share one cache and need no C compiler.
export CGO_ENABLED = 0

.DEFAULT_GOAL := check
.PHONY: check format vet lint rules race test screens platforms build assets assets-check node figures images bench fuzz clean

check: format vet lint rules race screens platforms assets-check
	@echo "all checks passed"

format:
	@files=$$(gofmt -l *.go bench cmd data internal methods tools); \
	if [ -n "$$files" ]; then echo "not formatted:"; echo "$$files"; echo "run gofmt -w on them"; exit 1; fi

vet:
	$(GO) vet ./...
	$(GO) vet -C tools ./...

lint:
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

# Layers, docstrings, references, licences, translations: each says what to do.
rules:
	$(GO) test ./internal/arch

# All other tests, once, with the race detector, which needs a C compiler.
race:
	CGO_ENABLED=1 $(GO) test -race -short $$($(GO) list ./... | grep -v -e /internal/arch -e /internal/screens -e /bench)

test:
	$(GO) test ./...

screens: node
	$(GO) test $(BROWSER)

platforms:
	@for p in $(PLATFORMS); do \
		echo "build for $$p"; \
		GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -trimpath -ldflags='-s -w' -o /dev/null ./cmd/shanyraq || exit 1; \
	done

build:
	$(GO) build -trimpath -ldflags='-s -w' -o bin/ ./cmd/shanyraq

node: internal/web/assets/node_modules/.package-lock.json

internal/web/assets/node_modules/.package-lock.json: internal/web/assets/package-lock.json
	cd internal/web/assets && npm ci
	@touch $@

assets: node
	cd internal/web/assets && npm run check && npm test
	$(GO) run -C tools ./assets

assets-check: node
	cd internal/web/assets && npm run check && npm test
	$(GO) test -C tools ./...
	$(GO) run -C tools ./assets -check

# FROM is a folder of publishers' extracts, NAMES one of the CLDR's names; the
# program's own text says what they hold.
figures:
	@test -n "$(FROM)" -a -n "$(NAMES)" || { echo "usage: make figures FROM=extracts NAMES=cldr/main"; exit 2; }
	$(GO) run -C tools ./figures -from $(abspath $(FROM)) -names $(abspath $(NAMES)) -to ../data

images: node
	$(GO) test -count=1 $(BROWSER) -run TestImages -images $(CURDIR)/docs/images

bench: node
	$(GO) run ./bench
	$(GO) run ./bench/peers
	$(GO) test -run '^$$' -bench . -benchmem ./methods/... ./internal/...

fuzz:
	@$(GO) list ./... | while read -r pkg; do \
		for f in $$($(GO) test -list '^Fuzz' "$$pkg" | grep '^Fuzz'); do \
			echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) "$$pkg" || exit 1; \
		done; \
	done

clean:
	rm -rf bin
