#!/usr/bin/env bash
# From nothing to a running event: a backend, what is deployed there, the event, and an answer as it is written.
# The server and the command line are there already. The simulator stands in for Azure until you name a resource of yours.
# It may run again: the backend then becomes the one that you name now, and the event goes on as it is.
set -euo pipefail
PROXY_URL=${PROXY_URL:-http://127.0.0.1:8080}
AZURE_OPENAI_ENDPOINT=${AZURE_OPENAI_ENDPOINT:-http://127.0.0.1:8090}
export AZURE_OPENAI_API_KEY=${AZURE_OPENAI_API_KEY:-simulator}
CODE=${CODE:-summer-school}

if openai-proxy backend show azure >/dev/null 2>&1; then
  openai-proxy backend edit azure --endpoint "$AZURE_OPENAI_ENDPOINT" --key env:AZURE_OPENAI_API_KEY >&2
else
  openai-proxy backend add azure --endpoint "$AZURE_OPENAI_ENDPOINT" --key env:AZURE_OPENAI_API_KEY --deploy gpt-4o >&2
fi
openai-proxy backend test azure >&2
if openai-proxy event show "$CODE" >/dev/null 2>&1; then
  echo "The event $CODE is there already; for another one: CODE=another-school $0" >&2
else
  openai-proxy event create "$CODE" --name 'Summer school' --models gpt-4o --for 5d --open >&2
fi

# Attendees need the code and a name, nothing else.
curl --silent --show-error --fail-with-body --no-buffer \
  -H "openai-event-code: $CODE/ann" \
  -H 'Content-Type: application/json' \
  -d '{"stream": true, "messages": [{"role": "user", "content": "Write a poem about indian elephants"}]}' \
  "$PROXY_URL/api/v1/chat/completions"
