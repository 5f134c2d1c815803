"""Stands in for an openai 0.28 that lacks what it needs itself."""

raise ImportError("No module named 'aiohttp'")
