#!/usr/bin/env bash
# The one command: sets up what is missing, builds, and runs every test. CI runs this and nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
Usage: ./build.sh [--full]

Sets up what the tests need, restores, builds, checks the format, runs every test project under tests/ and the tests of the Python SDK.
Ends with the line 'N passed, N failed'; the exit code is 0 only if nothing failed or was skipped.

  --full   also the long rounds (OPENAIPROXY_TESTS=full), with half an hour for each suite
  --help   this text

Needs: the .NET SDK of global.json and Node 20 or newer. On Debian, as root or with sudo, the rest is installed.
Tests fill a disk in memory: for that, one of the right to mount (root, or sudo without a password), user namespaces, or a /dev/shm of at most
256 MB, which is what containers have.
TEXT
}

# What the tests need: a Debian package, and a command that proves it is there wherever it came from.
# The samples and tests use /usr/bin/python3, which is where Debian's packages put their modules.
needs=(
  'ca-certificates   test -s /etc/ssl/certs/ca-certificates.crt -o -s /etc/ssl/cert.pem'
  'curl              curl --version'
  'jq                jq --version'
  'libicu            test "$(uname)" = Darwin || find /usr/lib /usr/lib64 -name "libicuuc.so.*" | grep .' # .NET does not start without it
  'openssl           openssl version'
  'python3           /usr/bin/python3 --version'
  'python3-build     /usr/bin/python3 -c "import build"'
  'python3-hatchling /usr/bin/python3 -c "import hatchling"'
  'python3-httpx     /usr/bin/python3 -c "import httpx"'
  'python3-mypy      /usr/bin/python3 -c "import mypy"'
  'python3-pytest    /usr/bin/python3 -c "import pytest"'
  'python3-requests  /usr/bin/python3 -c "import requests"'
  'tzdata            test -e /usr/share/zoneinfo/Europe/Berlin'
)

suite_seconds=400
case "${1-}" in
  '') ;;
  --full) export OPENAIPROXY_TESTS=full; suite_seconds=1800 ;;
  --help | -h) usage; exit 0 ;;
  *) echo "There is no option '$1'." >&2; usage >&2; exit 2 ;;
esac

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# A build node that outlives the build would keep the output open of whoever waits for it to close.
export MSBUILDDISABLENODEREUSE=1

fail() {
  printf '\nbuild.sh: %s\n' "$1" >&2
  exit 1
}

# step TITLE COMMAND…: runs the command and says how long it took.
step() {
  local title=$1 started=$SECONDS
  shift
  printf '\n── %s\n' "$title"
  "$@" || fail "'$title' failed after $((SECONDS - started)) s."
  printf '── %s: %d s\n' "$title" "$((SECONDS - started))"
}

set_up() {
  local missing=() need
  for need in "${needs[@]}"; do
    bash -c "${need#* }" > /dev/null 2>&1 || missing+=("${need%% *}")
  done
  if ((${#missing[@]} > 0)); then
    install "${missing[@]}" || return
  fi
  check_tools
  find_disks
  if node -e 'const p = require("./package.json"); process.exit(p.dependencies || p.devDependencies ? 0 : 1)'; then
    npm ci || return
  fi
}

install() {
  local as_root=() packages=() package
  if ! command -v apt-get > /dev/null; then
    fail "the tests need what these Debian packages have; bring it with what this machine has instead: $*"
  fi
  if ((EUID != 0)); then
    command -v sudo > /dev/null || fail "the tests need these packages; run as root: apt-get install $*"
    as_root=(sudo)
  fi
  echo "Installing $*"
  ${as_root[@]+"${as_root[@]}"} apt-get update -qq || return
  # Of this one the name has the version, which differs between distributions.
  for package in "$@"; do
    if [[ $package == libicu ]]; then package=$(apt-cache pkgnames libicu | grep -E '^libicu[0-9]+$' | sort -V | tail -n 1) || return; fi
    packages+=("$package")
  done
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null || return
}

# What the tests of Storage are run by, so that they have disks which can be full and read-only; SmallDisk knows the ways.
with_disks=()

find_disks() {
  # In a namespace of its own, so that nobody sees it.
  local try=(unshare --mount mount -t tmpfs tmpfs /tmp)
  [[ $(uname) == Linux ]] || return 0
  if "${try[@]}" 2> /dev/null || sudo -n "${try[@]}" 2> /dev/null; then return; fi
  if unshare --user --map-root-user "${try[@]}" 2> /dev/null; then
    with_disks=(unshare --user --map-root-user --mount)
  elif (($(df --output=size -k /dev/shm 2> /dev/null | tail -n 1) + 0 <= 262144)) && [[ -w /dev/shm ]]; then
    # Without these, permissions bind root too.
    if ((EUID == 0)); then with_disks=(setpriv --bounding-set=-dac_override,-dac_read_search); fi
  else
    fail 'the tests need disks that they may fill. Give this user the right to mount (root, or sudo without a password), or user namespaces
(unshare --user --map-root-user --mount), or let /dev/shm have at most 256 MB, as in containers.'
  fi
}

check_tools() {
  command -v dotnet > /dev/null || fail 'dotnet is not on PATH. Install the .NET SDK that global.json names.'
  dotnet --version || fail 'this .NET SDK is not the one that global.json names, or it cannot start. Install that one.'
  command -v node > /dev/null || fail 'node is not on PATH. Install Node 20 or newer; what pages and clients need of npm is fetched with it.'
  node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' || fail "Node $(node --version) is too old. Install 20 or newer."
}

passed=0 failed=0

# run_suite NAME SUMMARY COMMAND…: runs one suite and adds its counts, which the function SUMMARY finds in what it printed.
# A suite that breaks off, runs nothing or skips something has failed.
run_suite() {
  local suite=$1 summary=$2 started=$SECONDS status=0
  shift 2
  printf '\n── %s\n' "$suite"
  timeout --kill-after=15 "$suite_seconds" "$@" < /dev/null 2>&1 | tee "$output" || status=$?
  count "$suite" "$status" "$("$summary")"
  printf '── %s: %d s\n' "$suite" "$((SECONDS - started))"
}

xunit_summary() {
  grep -E '^ +OpenAIProxy\..* Total: [0-9]+' "$output" | tail -n 1 || true
}

# pytest's last line, such as '1 failed, 317 passed, 2 skipped, 1 error in 5.17s', in the words of the other runner.
pytest_summary() {
  local line failures successes errors skipped left
  line=$(grep -E '(passed|failed|skipped|deselected|xfailed|xpassed|errors?|ran).* in [0-9.]+s' "$output" | tail -n 1) || return 0
  failures=$(number_of failed "$line") successes=$(number_of passed "$line") errors=$(number_of error "$line")
  skipped=$(($(number_of skipped "$line") + $(number_of xfailed "$line")))
  left=$(($(number_of deselected "$line") + $(number_of xpassed "$line")))
  printf 'Total: %d, Errors: %d, Failed: %d, Skipped: %d, Not Run: %d' \
    "$((failures + successes + skipped + left))" "$errors" "$failures" "$skipped" "$left"
}

# number_of WORD LINE: the number before the word, 0 where the line has not the word.
number_of() {
  if [[ " $2" =~ \ ([0-9]+)\ $1 ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

# What both summaries say: 'Total: 7, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0, Time: 0.2s'.
count() {
  local suite=$1 status=$2 pattern='Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+)'
  if ((status == 124 || status == 137)); then
    bad "$suite did not end within its $suite_seconds s."
  elif [[ $3 =~ Total:\ 0($|,\ Errors:\ 0,) ]]; then
    bad "$suite ran no test."
  elif [[ ! $3 =~ $pattern ]]; then
    bad "$suite ended with exit code $status and no summary."
  else
    local total=${BASH_REMATCH[1]} errors=${BASH_REMATCH[2]} wrong=${BASH_REMATCH[3]} skipped=${BASH_REMATCH[4]} left=${BASH_REMATCH[5]}
    failed=$((failed + errors + wrong))
    passed=$((passed + total - wrong - skipped - left))
    if ((skipped + left > 0)); then bad "$suite left tests out: $((skipped + left)). Mend or remove them." $((skipped + left)); fi
    if ((status != 0 && errors + wrong + skipped + left == 0)); then bad "$suite ended with exit code $status."; fi
  fi
}

bad() {
  echo "FAILED: $1"
  failed=$((failed + ${2:-1}))
}

step 'Set up' set_up
step 'Restore, as locked' dotnet restore --locked-mode
step 'Build, warnings as errors' dotnet build -c Release --no-restore
step 'Format' dotnet format --verify-no-changes --no-restore

output=$(mktemp)
trap 'rm -f "$output"' EXIT
for project in tests/*.Tests; do
  suite=$(basename "$project") by=()
  if [[ $suite == Storage.Tests ]]; then by=(${with_disks[@]+"${with_disks[@]}"}); fi
  run_suite "$suite" xunit_summary ${by[@]+"${by[@]}"} dotnet "$project/bin/Release/net10.0/OpenAIProxy.$suite.dll" -noLogo -noColor -noAutoReporters
done
# Its types and its packages are among its tests; none of its tools leaves a cache in the tree.
run_suite python pytest_summary env OPENAIPROXY_SERVER_DLL="$PWD/src/Server/bin/Release/net10.0/OpenAIProxy.Server.dll" \
  /usr/bin/python3 -B -m pytest -p no:cacheprovider -q --color=no python

printf '\nAll of it took %d s.\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
((failed == 0))
