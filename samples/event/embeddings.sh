#!/usr/bin/env bash
# The event's default model for embeddings.
set -euo pipefail
PROXY_URL=${PROXY_URL:-http://127.0.0.1:8080}

curl --silent --show-error --fail-with-body \
  -H 'openai-event-code: hackathon/githubuser' \
  -H 'Content-Type: application/json' \
  -d '{"input": "The indian elephant is smaller than the african one"}' \
  "$PROXY_URL/api/v1/embeddings"
