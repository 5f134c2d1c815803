"""The package as others get it: its types, its wheel, its source distribution."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import List

import pytest

PYTHON = Path(__file__).resolve().parents[1]


def run(*words: str, where: Path = PYTHON) -> str:
    done = subprocess.run([sys.executable, *words], cwd=str(where), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_types_are_strict_and_tell_streams_from_answers(tmp_path: Path) -> None:
    said = run("-m", "mypy", "--cache-dir", str(tmp_path), "src", "tests")

    assert "Success" in said


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel and the source distribution are."""
    place = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--no-isolation", "--skip-dependency-check", "--outdir", str(place), str(PYTHON))
    return place


def test_wheel_works_where_nothing_else_of_this_is(built: Path, tmp_path: Path) -> None:
    [wheel] = built.glob("openai_proxy-*-py3-none-any.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path)

    # -I: neither the directory nor PYTHONPATH lead to the source.
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import openai_proxy as it; print(it.__version__, it.__file__)"
    said = run("-I", "-c", program, where=tmp_path)

    version = wheel.name.split("-")[1]
    assert said.split() == [version, str(tmp_path / "openai_proxy" / "__init__.py")]


def test_wheel_says_what_it_needs_and_that_it_is_typed(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        [metadata] = [files.read(name).decode() for name in files.namelist() if name.endswith("/METADATA")]
        names = files.namelist()

    assert _values(metadata, "Requires-Dist") == ["httpx>=0.23"]
    assert _values(metadata, "Requires-Python") == [">=3.8"]
    assert _values(metadata, "Name") == ["openai-proxy"]
    assert "openai_proxy/py.typed" in names
    assert any(name.endswith("LICENSE") for name in names)
    assert not any("tests" in name for name in names)


def test_source_distribution_has_the_tests_and_the_licence(built: Path) -> None:
    [source] = built.glob("openai_proxy-*.tar.gz")
    with tarfile.open(source) as files:
        names = {name.partition("/")[2] for name in files.getnames()}

    assert {"LICENSE", "README.md", "pyproject.toml", "src/openai_proxy/py.typed", "tests/test_package.py"} <= names


def _values(metadata: str, field: str) -> List[str]:
    return [line.partition(": ")[2] for line in metadata.splitlines() if line.startswith(f"{field}: ")]
