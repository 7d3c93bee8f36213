# `make test` is all one needs: it brings what the tests want, where it can, and runs everything on both engines.
# docs/operate/testing.md tells more.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: test setup axe program check generate build bench screenshots fuzz full guide-pictures

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
OUT     ?= $(CURDIR)/tmp
FOR     ?= 60s
SHOTS   ?= $(OUT)/screenshots

# What runs with the race detector: where goroutines share something. It costs several times the time, so the rest goes without:
# also of the kit what only computes, and whose own measures of time would learn nothing with it.
racy  := ^baraji/internal/(kit|conversation|app)(/|$$)
plain := ^baraji/internal/(kit/(hangul|hours|html|i18n|id|mail|svm|token)|app/demo)$$
# Of that this one asks thousands of pages one by one: minutes with the detector, which would learn nothing from it.
walks := ^TestWhoMaySeeWhat$$

# The program is built once and handed to all tests that start it.
export BARAJI_PROGRAM = $(OUT)/baraji

# The browser's tests take longest and come first, so that nothing waits for them at the end. The walk goes alone: beside them it took five
# times as long. Faults are made alone, but those that mostly wait beside each other.
test: setup program
	@status=0; all=$$(go list ./...); with=$$(grep -E '$(racy)' <<<"$$all" | grep -vE '$(plain)'); \
	go test -count=1 -timeout 30m ./test/browser $$(grep -vxF "$$with" <<<"$$all" | grep -vE '/test/(browser|faults)$$') || status=1; \
	go test -count=1 -timeout 30m -race -skip '$(walks)' $$with || status=1; \
	go test -count=1 -timeout 30m -run '$(walks)' ./internal/app || status=1; \
	go test -count=1 -timeout 30m ./test/faults || status=1; \
	exit $$status

setup axe:
	@test/setup

program:
	@mkdir -p $(OUT) && go build -buildvcs=false -o $(BARAJI_PROGRAM) ./cmd/baraji

check:
	@bad=$$(git ls-files --cached --others --exclude-standard '*.go' | grep -v '_templ\.go$$' | xargs -r ls -d 2>/dev/null | xargs -r gofmt -l); \
	if [[ -n $$bad ]]; then echo "not gofmt-ed:"; echo "$$bad"; exit 1; fi
	@test/generated
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff

generate:
	go tool templ generate -path internal

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/baraji ./cmd/baraji

bench: setup program
	go test -count=1 -timeout 60m -run '^$$' -bench . -benchmem ./test/load/...

screenshots: setup program
	BARAJI_SCREENSHOTS=$(SHOTS) go test -count=1 -timeout 60m -run Screenshots ./test/browser
	@echo "Look at them: $(SHOTS)"

# The pictures of the guide, out of the sample shop.
guide-pictures: setup program
	BARAJI_GUIDE_PICTURES=$(CURDIR)/docs/guide/pictures go test -count=1 -timeout 30m -run GuidePictures ./test/browser

fuzz:
	@test/fuzz $(FOR)

# The fault and load tests in full size: hours, not minutes.
full: setup program
	BARAJI_TEST_FULL=1 go test -count=1 -timeout 12h -v ./test/faults/... ./test/load/...
