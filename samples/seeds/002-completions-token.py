#!/usr/bin/python3
# "Azure OpenAI Service API with AAD authentication": as it stands there, but for config.json, whose values are here, the scope, and
# the package azure-identity, in whose place is what its EnvironmentCredential does, with the demo's directory: its simulator.
import datetime
import os
import sys
import types

import requests

config_details = {
    'COMPLETIONS_MODEL': "gpt-3.5-turbo-instruct",
    'OPENAI_API_BASE': os.environ.get("PROXY_URL", "http://127.0.0.1:8080"),
    'OPENAI_API_VERSION': "2022-12-01",
}


class EnvironmentCredential:
    def get_token(self, scope):
        authority = os.environ.get("AZURE_AUTHORITY_HOST", "http://127.0.0.1:8090")
        tenant = os.environ.get("AZURE_TENANT_ID", "11111111-1111-4111-8111-111111111111")
        answer = requests.post(f"{authority}/{tenant}/oauth2/v2.0/token", data={
            "grant_type": "client_credentials",
            "client_id": os.environ.get("AZURE_CLIENT_ID", "samples"),
            "client_secret": os.environ.get("AZURE_CLIENT_SECRET", "any will do"),
            "scope": scope,
        }).json()
        expires_on = datetime.datetime.now().timestamp() + answer["expires_in"]
        return types.SimpleNamespace(token=answer["access_token"], expires_on=expires_on)


# Setting up the deployment name
deployment_name = config_details['COMPLETIONS_MODEL']

# The base URL for your Azure OpenAI resource. e.g. "https://<your resource name>.openai.azure.com"
base_url = config_details['OPENAI_API_BASE']

# Currently OPENAI API have the following versions available: 2022-12-01
openai_api_version = config_details['OPENAI_API_VERSION']

# Define the API endpoint URL
request_url = base_url + "/openai/deployments/"+ deployment_name + "/completions?api-version=" + openai_api_version

default_credential = EnvironmentCredential()

token = None

def refresh_token():
    global token
    # Check if Azure token is still valid
    if not token or datetime.datetime.fromtimestamp(token.expires_on) < datetime.datetime.now():
        token = default_credential.get_token("api://openai-proxy/.default")

def get_completion(payload):
    # Refresh token
    refresh_token()

    # Yes this can be optimized to only set Authorization header when token is refreshed :D
    headers = {
        "Authorization": f"Bearer {token.token}",
        "Content-Type": "application/json"
    }

    r = requests.post(
        request_url,
        headers=headers,
        json = payload
        )

    return r

# Example prompt for request payload
prompt = "Once upon a time"

payload = {
            "prompt": prompt,
            "max_tokens": 300,
            "temperature": 0.7,
            "top_p": 1
          }

r = get_completion(payload)

# printing the status code & headers
print(f'Status Code: {r.status_code}\nHeaders: \n{r.headers} \n')

response = r.json()

# printing the response
print(f'Response:\n {response}')

# What the guide leaves to its reader.
if r.status_code != 200:
    sys.exit("The answer is not 200.")
