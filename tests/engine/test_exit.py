import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Otherwise nothing would be left to flush at the end.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"from engine.exit import end_process\n{program}"],
        cwd=ROOT,
        env=BUFFERED,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.mark.parametrize("code", [0, 1, 2, 130])
def test_the_process_ends_with_the_code_it_was_given(code: int) -> None:
    assert run(f"end_process({code})").returncode == code


def test_what_was_printed_arrives_and_what_was_registered_for_the_exit_runs() -> None:
    ended = run("import atexit\natexit.register(print, '後始末')\nprint('結果', end=' ')\nend_process(0)")
    assert (ended.returncode, ended.stdout) == (0, "結果 後始末\n")


def test_a_reader_that_has_gone_away_is_no_failure() -> None:
    program = (
        "import os\nreader, writer = os.pipe()\nos.dup2(writer, 1)\nos.close(reader)\nprint('結果')\nend_process(0)"
    )
    ended = run(program)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_an_output_that_could_not_be_written_is_no_success(tmp_path: Path) -> None:
    full = tmp_path / "full"
    program = (
        "import os, resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        f"os.dup2(os.open({str(full)!r}, os.O_WRONLY | os.O_CREAT), 1)\n"
        "print('結果')\n"
        "end_process(0)"
    )
    assert run(program).returncode == 1
