#!/usr/bin/env bash
# The event's default model for completions continues the prompt.
set -euo pipefail
PROXY_URL=${PROXY_URL:-http://127.0.0.1:8080}

curl --silent --show-error --fail-with-body \
  -H 'openai-event-code: hackathon/githubuser' \
  -H 'Content-Type: application/json' \
  -d '{"prompt": "The indian elephant is", "max_tokens": 64}' \
  "$PROXY_URL/api/v1/completions"
