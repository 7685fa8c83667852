"""検査は効く: with one line changed for the worse, a test that exists turns red."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("schemas", "guideline", "register", "demo", "tests", "engine", "client", "workflows", "activities")


class Planted(NamedTuple):
    """One line changed for the worse, and the tests that must notice."""

    file: str
    line: str
    instead: str
    tests: tuple[str, ...]


PLANTED = [
    pytest.param(
        Planted(
            "guideline/effects.py",
            "    if len(standing_approvals(after)) == len(BOTH):",
            "    if standing_approvals(after):",
            ("tests/guideline/test_decisions.py", "-k", "second_approval_begins"),
        ),
        id="二人目の承認なしに手続へ進む",
    ),
    pytest.param(
        Planted(
            "register/recording.py",
            "    if before.act_id is not None:",
            "    if False:",
            ("tests/register/test_recording.py",),
        ),
        id="行為番号を確かめない",
    ),
    pytest.param(
        Planted(
            "guideline/threshold.py",
            "band.at_least <= data_subjects",
            "band.at_least < data_subjects",
            ("tests/guideline/test_threshold.py",),
        ),
        id="1,000人以上を1,000人超とする",
    ),
]


def run_tests(folder: Path, tests: tuple[str, ...]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the source, so that a line of it can be spoilt."""
    folder = tmp_path_factory.mktemp("copy")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*ROOT.glob("*.py"), ROOT / "pyproject.toml"):
        shutil.copy(path, folder / path.name)
    return folder


@pytest.mark.whole
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_turns_a_test_red(copy: Path, planted: Planted) -> None:
    file = copy / planted.file
    sound = file.read_text(encoding="utf-8")
    assert sound.count(planted.line) == 1
    assert run_tests(copy, planted.tests) == 0
    file.write_text(sound.replace(planted.line, planted.instead), encoding="utf-8")
    try:
        assert run_tests(copy, planted.tests) == 1
    finally:
        file.write_text(sound, encoding="utf-8")
