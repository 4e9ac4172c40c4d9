#!/usr/bin/env bash
# Starts Kafila on a new data directory and lets Schemathesis send what its OpenAPI document allows, and what it
# does not, to every operation. Fails when an answer is a 5xx, or one that the document does not describe.
#
#   tools/fuzz_api.sh                    the debug binary, built when it is not there
#   tools/fuzz_api.sh --max-examples 200 looks longer; whatever follows is passed on to Schemathesis
#
#   KAFILA=path        the binary to try
#   SCHEMATHESIS=path  the tool; otherwise it is installed into target/test-tools
#   SEED=number        other inputs; the usual ones are the same each time
set -euo pipefail
cd "$(dirname "$0")/.."

kafila="${KAFILA:-}"
if [ -z "$kafila" ]; then
  cargo build --locked --quiet -p app
  kafila="${CARGO_TARGET_DIR:-$PWD/target}/debug/kafila"
fi
tool="${SCHEMATHESIS:-}"
if [ -z "$tool" ]; then
  tools="$PWD/target/test-tools"
  tool="$tools/bin/schemathesis"
  if [ ! -x "$tool" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r tools/requirements.txt
  fi
fi

mkdir -p target/fuzz
work="$(mktemp -d "$PWD/target/fuzz/run-XXXXXX")"

# One key makes all calls, faster than anybody may.
export KAFILA_LIMITS_API_PER_ACTOR=0 KAFILA_LIMITS_PUBLIC_PER_ADDRESS=0
export KAFILA_LIMITS_SIGN_IN_PER_ADDRESS=0 KAFILA_LIMITS_SIGN_IN_PER_ACCOUNT=0

# Two rounds, beside each other, each with a server and data of its own: with ids as they come, from earlier answers or out of
# the air, and with ids of chosen things that exist.
# One worker each: with several, Python 3.11 itself fails now and then ("AST constructor recursion depth mismatch").
# Not called: /api/v1/live never ends, so there is no answer to look at; app/tests/it reads it.
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
# And nothing is taken that the document does not allow.
checks+=,negative_data_rejection

# round NAME OPTIONS...; in a subshell, because its server ends with it
round() {
  local home="$work/$1" seeds="$work/$1/things.toml" key server address=""
  local name="$1"
  shift
  mkdir -p "$home"
  key="$("$kafila" --data "$home/data" api-key create --name fuzz --role Admin 2>/dev/null)"
  : >"$home/server.log"
  "$kafila" --data "$home/data" serve --listen 127.0.0.1:0 2>"$home/server.log" >/dev/null &
  server=$!
  # shellcheck disable=SC2064
  trap "kill $server 2>/dev/null || true; wait $server 2>/dev/null || true" EXIT
  for _ in $(seq 300); do
    address="$(sed -n 's|^Kafila listens on http://||p' "$home/server.log")"
    [ -n "$address" ] && break
    kill -0 "$server" 2>/dev/null || { cat "$home/server.log" >&2; exit 1; }
    sleep 0.1
  done
  [ -n "$address" ] || { echo "Kafila did not start within 30 s." >&2; exit 1; }

  : >"$seeds"
  if [ "$name" = chosen ]; then python3 tools/fuzz_seed.py "http://$address" "$key" "$seeds"; fi
  local status=0
  "$tool" --config-file "$seeds" run "http://$address/api/openapi.json" --header "Authorization: Bearer $key" --checks "$checks" \
    --phases examples,coverage,fuzzing --max-examples 20 --workers 1 --seed "${SEED:-1}" --exclude-path /api/v1/live --request-timeout 20 \
    --suppress-health-check all --warnings off --continue-on-failure "$@" || status=$?

  # With a key that had ended, all of this would have been one long 401.
  if ! python3 -c 'import sys, urllib.request as r; r.urlopen(r.Request(sys.argv[1], headers={"Authorization": "Bearer " + sys.argv[2]}))' \
    "http://$address/api/v1/me" "$key"; then
    echo "The key of this round does not work any more, so little was tried." >&2
    exit 1
  fi
  # The server must have lived through it, and must not have met a surprise that no answer showed.
  if ! kill -0 "$server" 2>/dev/null; then
    echo "The server did not survive:" >&2
    tail -20 "$home/server.log" >&2
    exit 1
  fi
  if grep -q -e panicked -e '"code":"internal"' "$home/server.log"; then
    echo "The server met something unexpected:" >&2
    grep -e panicked -e '"code":"internal"' "$home/server.log" | head -20 >&2
    exit 1
  fi
  exit "$status"
}

# In the first round no key is ended, because ours could be met; in the second a spare one is.
round any --exclude-operation-id revokeApiKey "$@" >"$work/any.txt" 2>&1 &
any=$!
round chosen --include-path-regex '\{' "$@" >"$work/chosen.txt" 2>&1 &
chosen=$!
trap 'kill "$any" "$chosen" 2>/dev/null || true' EXIT
status=0
wait "$any" || status=$?
cat "$work/any.txt"
wait "$chosen" || status=$?
cat "$work/chosen.txt"
if [ "$status" = 0 ]; then rm -rf "$work"; else echo "The servers' logs and data are in $work." >&2; fi
exit "$status"
