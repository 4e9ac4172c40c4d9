#!/usr/bin/env bash
# Installs what the tests need (Debian), then runs all of them. Nothing is skipped: what is missing
# and cannot be installed is an error.
#
#   scripts/test.sh              everything
#   scripts/test.sh --no-install everything, with what is there
set -euo pipefail
cd "$(dirname "$0")/.."

install=yes
[ "${1:-}" = "--no-install" ] && install=no

say() { printf '\n== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    echo "Needs root for: $*. Run it as root, install sudo, or install the packages yourself and use --no-install." >&2
    exit 1
  fi
}

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_python() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

packages=()
has_postgres || packages+=(postgresql)
has_python || packages+=(python3 python3-venv)
command -v cc >/dev/null || packages+=(build-essential)
command -v setpriv >/dev/null || packages+=(util-linux)
# The tests in real browsers.
command -v chromium >/dev/null || packages+=(chromium)
command -v chromedriver >/dev/null || packages+=(chromium-driver)
if [ "${#packages[@]}" -gt 0 ]; then
  say "Installing ${packages[*]}"
  if [ "$install" = no ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${packages[*]} (names of Debian packages). Install them and run this again." >&2
    exit 1
  fi
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
fi

# Schemathesis sends what the OpenAPI document allows, and more, and looks for answers that it does not.
tools="$PWD/target/test-tools"
if [ ! -x "$tools/bin/schemathesis" ]; then
  say "Installing schemathesis into target/test-tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check -r tools/requirements.txt
fi

rustup_component() { cargo "$1" --version >/dev/null 2>&1 || rustup component add "$2"; }
rustup_component fmt rustfmt
rustup_component clippy clippy

# Each test has a database of its own, on PostgreSQL hundreds of files that come and go. A disk can take as long for them as
# the tests for everything else, so they lie in memory where there is enough of it.
in_memory=/dev/shm
if [ -z "${TMPDIR:-}" ] && [ -w "$in_memory" ] && ! grep -q " $in_memory [^ ]* [^ ]*noexec" /proc/mounts \
  && [ "$(df --output=avail -m "$in_memory" | tail -1)" -ge 6000 ] && [ "$(awk '/^MemAvailable/ {print int($2 / 1024)}' /proc/meminfo)" -ge 12000 ]; then
  export TMPDIR="$in_memory/kafila-tests-$(id -u)"
  mkdir -p "$TMPDIR"
  say "Temporary files of the tests go to $TMPDIR"
fi

say "Format"
cargo fmt --all --check

say "Lints"
cargo clippy --workspace --all-targets --locked -- -D warnings

say "Tests"
# To the end, so that one run tells everything that is wrong.
cargo test --workspace --locked --quiet --no-fail-fast

say "What the API document allows, and what it does not"
SCHEMATHESIS="$tools/bin/schemathesis" tools/fuzz_api.sh

say "All passed"
