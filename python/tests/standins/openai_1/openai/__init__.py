"""Stands in for openai 1 and newer, which has no module for errors."""


class RateLimitError(Exception):
    """Not what those who wrote for 0.28 mean."""
