#!/usr/bin/env bash
# "Example request" of the guide "Azure-OpenAI-Proxy": as it stands there, but for the host, and with the values of its own
# examples in place of the placeholders. It brings a resource of its own, which a server allows only if it is told to: the demo
# does, and its simulator plays every such resource.
set -euo pipefail
PROXY_URL=${PROXY_URL:-http://127.0.0.1:8080}
# As curl is, but an answer that is not 200 is a failure.
curl() { command curl --silent --show-error --fail-with-body "$@"; }

curl -X "POST" "$PROXY_URL/v1/chat/completions" \
     -H 'Authorization: Bearer hai:gpt-3.5-turbo|gpt-35-turbo,gpt-4|gpt-4,gpt-4-32k|gpt-4-32k:xxxxxx' \
     -H 'Content-Type: application/json; charset=utf-8' \
     -d $'{
  "messages": [
    {
      "content": "hi",
      "role": "user"
    }
  ],
  "temperature": 1,
  "model": "gpt-3.5-turbo",
  "stream": false
}'
