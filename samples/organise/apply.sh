#!/usr/bin/env bash
# Applies the workshop's document, and then again: the second time there is nothing to change, so it may run as often as you like.
set -euo pipefail
document=$(dirname "${BASH_SOURCE[0]}")/workshop.yaml
export AZURE_OPENAI_API_KEY=${AZURE_OPENAI_API_KEY:-simulator}
export WORKSHOP_SECRET=${WORKSHOP_SECRET:-blue-whale-42}

openai-proxy apply "$document"
openai-proxy apply "$document"
# What a CI job asks: exit code 6 if the server is not as the document says.
openai-proxy apply "$document" --dry-run
