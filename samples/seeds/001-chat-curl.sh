#!/usr/bin/env bash
# "Chat completion with Curl" of the guide "Chat completions API": as it stands there, but for the host.
set -euo pipefail
PROXY_URL=${PROXY_URL:-http://127.0.0.1:8080}
# As curl is, but an answer that is not 200 is a failure.
curl() { command curl --silent --show-error --fail-with-body "$@"; }

curl -X POST \
-H "openai-event-code: hackathon/githubuser" \
-H "Content-Type: application/json" \
-d '{
    "max_tokens": 256,
    "temperature": 1,
    "messages": [
        {
            "role": "system",
            "content": "You are an AI assistant that writes poems in the style of William Shakespeare."
        },
        {
            "role": "user",
            "content": "Write a poem about indian elephants"
        }
    ]
}' \
$PROXY_URL/api/v1/chat/completions
