"""Stands in for an openai so old that it lacks some of the errors."""
