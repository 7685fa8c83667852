"""引継ぎ in the terminal."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import Terminal
from tests.cli.test_ways_back import furnish

PLACE = Path(__file__).parents[2] / "demo/takeover"
IMPORT = ("assessment", "import", str(PLACE / "assessments.csv"), "--files")


def test_a_table_is_checked_and_taken_over(running: Terminal) -> None:
    furnish(running)
    documents = str(PLACE / "documents")
    checked = running.run(*IMPORT, documents, "--dry-run")
    assert "登録されるもの 3件" in checked.out, checked.err
    done = running.run(*IMPORT, documents, "--json")
    assert len(done.data["entered"]) == 3
    assert "既に登録されているもの 3件" in running.run(*IMPORT, documents).out


def test_a_file_outside_the_folder_is_refused(running: Terminal, tmp_path: Path) -> None:
    furnish(running)
    text = (PLACE / "assessments.csv").read_text(encoding="utf-8-sig").replace("kumagaya-juki.json", "../secret.json")
    outside = tmp_path / "table.csv"
    outside.write_text(text, encoding="utf-8")
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    refused = running.run("assessment", "import", str(outside), "--files", str(tmp_path / "inside"))
    assert refused.status == 1
    assert "フォルダーの外にあります" in refused.err
    (tmp_path / "inside" / "kumagaya-juki.json").symlink_to(tmp_path / "secret.json")
    linked = running.run(*IMPORT, str(tmp_path / "inside"))
    assert "フォルダーの外にあります" in linked.err
