"""Stands in for openai 0.28: its errors, with their constructors and what they print."""
