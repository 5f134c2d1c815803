"""Python 3.8, which may not be on this machine: its grammar, and what it would evaluate."""

import ast
from pathlib import Path
from typing import Iterator

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = sorted((REPOSITORY / "python/src").rglob("*.py"))
WRITTEN = sorted(file for place in ("python", "samples") for file in (REPOSITORY / place).rglob("*.py"))

# Classes that cannot be subscripted before Python 3.9.
PLAIN = {"dict", "frozenset", "list", "set", "tuple", "type", "deque", "defaultdict", "OrderedDict", "Counter"}

# Names of the standard library that came later, where this package would be likely to use them.
LATER = {"ParamSpec", "Self", "StrEnum", "TaskGroup", "aclosing", "aiter", "anext", "cache", "removeprefix", "removesuffix", "to_thread"}


def _name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_there_are_files_to_look_at() -> None:
    assert len(SHIPPED) > 10
    assert len(WRITTEN) > len(SHIPPED)


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_grammar_is_that_of_3_8(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 8))


@pytest.mark.parametrize("path", SHIPPED, ids=_name)
def test_nothing_is_evaluated_that_3_8_has_not(path: Path) -> None:
    assert list(_too_new(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    [
        "x: int | None",
        "def f(a: list[int]): ...",
        "T = Dict[str, list[int]]",
        "a.removeprefix(b)",
        "from typing import Self",
        "from collections.abc import Set",
    ],
)
def test_each_of_these_would_be_found(line: str) -> None:
    assert list(_too_new(ast.parse(line))) != []


@pytest.mark.parametrize("line", ["match a:\n  case 1: pass", "try: pass\nexcept* E: pass"])
def test_each_of_these_is_no_grammar_of_3_8(line: str) -> None:
    with pytest.raises(SyntaxError):
        ast.parse(line, feature_version=(3, 8))


def _too_new(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in PLAIN:
            yield f"line {node.lineno}: {node.value.id}[...]"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            # Of dictionaries it came with 3.9, of types with 3.10; of numbers there is none here.
            yield f"line {node.lineno}: |"
        if isinstance(node, ast.Attribute) and node.attr in LATER:
            yield f"line {node.lineno}: .{node.attr}"
        if isinstance(node, ast.ImportFrom):
            yield from (f"line {node.lineno}: import {name.name}" for name in node.names if name.name in LATER)
        if isinstance(node, ast.ImportFrom) and node.module == "collections.abc":
            yield f"line {node.lineno}: collections.abc, whose names cannot be subscripted"
