#!/usr/bin/env bash
# Kills the server 200 times under load, and 50 times as the bench sets it up, and compares what clients, simulator and ledger remember. Minutes; build.sh --full has it too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if [[ ! ${1-0} =~ ^[0-9]+$ || $# -gt 1 ]]; then
  echo 'Usage: tests/Clients.Tests/kill.sh [SEED]      SEED: as an earlier run printed it, for the same rounds again' >&2
  exit 2
fi
if (($# == 1)); then
  export OPENAIPROXY_TESTS_SEED=$1
fi

dotnet build -c Release tests/Clients.Tests
OPENAIPROXY_TESTS=full exec dotnet tests/Clients.Tests/bin/Release/net10.0/OpenAIProxy.Clients.Tests.dll -noLogo -class '*KillTests' -showLiveOutput
