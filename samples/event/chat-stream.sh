#!/usr/bin/env bash
# Server-sent events as they are made; the last one is [DONE].
set -euo pipefail
PROXY_URL=${PROXY_URL:-http://127.0.0.1:8080}

curl --silent --show-error --fail-with-body --no-buffer \
  -H 'openai-event-code: hackathon/githubuser' \
  -H 'Content-Type: application/json' \
  -d '{"stream": true, "messages": [{"role": "user", "content": "Write a poem about indian elephants"}]}' \
  "$PROXY_URL/api/v1/chat/completions"
