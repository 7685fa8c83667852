"""文書 in the terminal: out to a file, and in again in another home."""

from __future__ import annotations

import json
from pathlib import Path

from rendering.bundle import bundle, edition_from
from tests.cli.terminal import Terminal, demo_file
from tests.filled import filled
from tests.rendering.editions import edition

HERE = ("--department", "account-registration", "--body", "digital-agency")


def _furnished(terminal: Terminal, folder: Path) -> Path:
    """Enter a sample from a bundle."""
    (folder / "organisation.toml").write_bytes(demo_file("organisation.toml"))
    assert terminal.run("organisation", "apply", str(folder / "organisation.toml")).status == 0
    document = filled("basic_items", withheld={"/related_information/business/overview": "rule_10_2"})
    given = folder / "sample.dat"  # told apart by its content, whatever its name
    number = document["cover"]["assessment_number"]
    given.write_bytes(bundle(edition(document, number=number, body="digital-agency", version=1, changes=())))
    done = terminal.run("assessment", "import", str(given), *HERE)
    assert "評価書 sample-1「見本に関する事務」第1版を登録しました" in done.out, done.err
    return given


def test_a_bundle_goes_in_and_out_and_in_and_files_for_people_come_out(terminal: Terminal, tmp_path: Path) -> None:
    given = _furnished(terminal, tmp_path)
    out = tmp_path / "out.zip"
    written = terminal.run("assessment", "export", "sample-1", "--as", "json", "-o", str(out))
    assert f"{out} に書き出しました（" in written.out, written.err
    assert edition_from(out.read_bytes()).documents == edition_from(given.read_bytes()).documents
    checked = terminal.run("assessment", "import", str(out), "--department", "account-registration", "--dry-run")
    assert "既に登録されています" in checked.out, checked.err
    again = terminal.run("assessment", "import", "-", *HERE, "--json", given=out.read_bytes())
    assert again.data["assessment_id"] == "sample-1"
    public = terminal.run("assessment", "export", "sample-1", "--as", "html", "--rendition", "public", "-o", "-")
    assert public.out.startswith("<!DOCTYPE html>")
    assert "要確認: " in public.err
    sheets = tmp_path / "form.xlsx"
    assert terminal.run("assessment", "export", "sample-1", "--as", "xlsx", "-o", str(sheets)).status == 0
    assert sheets.read_bytes().startswith(b"PK")


def test_what_cannot_be_done_is_told_with_what_to_do(terminal: Terminal, tmp_path: Path) -> None:
    given = _furnished(terminal, tmp_path)
    unnamed = terminal.run("assessment", "import", str(given))
    assert (unnamed.status, "--department で示してください" in "".join(unnamed.err.split("│"))) == (2, True)
    for status, says, wrong in (
        (1, "xlsx、pdf、json、html のいずれか", ("--as", "docx", "-o", "x")),
        (
            1,
            "public（公表用） のいずれか",
            ("--as", "json", "--rendition", "half", "-o", "x"),
        ),
        (2, "書けません", ("--as", "json", "-o", str(tmp_path / "none" / "x"))),
    ):
        told = terminal.run("assessment", "export", "sample-1", *wrong)
        assert (told.status, says in told.err) == (status, True), told.err
    alone = terminal.run("assessment", "compare", "sample-1", "-o", str(tmp_path / "c.html"))
    assert (alone.status, "第1版より前の版はありません" in alone.err) == (1, True)
    table = tmp_path / "table.csv"
    table.write_text("評価書名\nx\n", encoding="utf-8")
    told = terminal.run("assessment", "import", str(table), *HERE)
    assert told.status == 2
    broken = terminal.run("assessment", "import", "-", *HERE, "--json", given=b"PK\x03\x04")
    assert "ZIP として読めません" in json.loads(broken.err)["error"]["message"]
