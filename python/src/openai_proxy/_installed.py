"""Finds the errors of ``openai`` 0.28 without importing any other ``openai``."""

import importlib
import importlib.util
import sys
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Iterable, Optional

_ERRORS = "openai.error"


def installed_errors(names: Iterable[str]) -> Optional[ModuleType]:
    """The module ``openai.error``, if it is there, can be imported, and has all these names."""
    if _ERRORS not in sys.modules and not _is_on_disk():
        return None
    try:
        module = importlib.import_module(_ERRORS)
    except Exception:
        # It is there and broken. Whoever names its classes is told why by their own import; the others need not care.
        return None
    return module if all(hasattr(module, name) for name in names) else None


def _is_on_disk() -> bool:
    # Looking for a submodule the usual way imports its package, and openai 1 and newer, which has no such submodule, takes a second.
    try:
        package = importlib.util.find_spec("openai")
    except (ImportError, ValueError):
        return False
    return package is not None and PathFinder.find_spec(_ERRORS, package.submodule_search_locations) is not None
