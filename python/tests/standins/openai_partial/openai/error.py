"""The first errors there were."""


class OpenAIError(Exception):
    """All of them."""
