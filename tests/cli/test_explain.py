"""説明: what follows from a change or a difference, told before anything is recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal, demo_file

KEYS = {"material", "items", "follows", "by", "reasons", "provisions", "confirmed"}
CHANGE: dict[str, Any] = {
    "report": "change",
    "assessments": ["sapporo-7"],
    "kind": "outsourcing",
    "title": "窓口業務の委託",
    "facts": "窓口の業務を新たに委託する。",
    "known_on": "2026-06-01",
    "takes_effect_on": "2026-12-01",
}


def explained(terminal: Terminal, **more: object) -> Any:
    given = json.dumps({**CHANGE, **more}).encode()
    done = terminal.run("explain", "change", "-", "--level", "all_items", "--json", given=given)
    assert done.status == 0, done.err
    assert set(done.data) == KEYS
    return done.data


CHANGES = [
    pytest.param({}, True, "reassess", "2026-11-30", id="新しい委託"),
    pytest.param({"items": ["Ⅱ4⑥ 委託先名"]}, False, "amend", None, id="委託先名の変更"),
    pytest.param({"kind": "formal_correction"}, False, "amend", None, id="形式的な修正"),
    pytest.param({"kind": "environment"}, False, "review", None, id="環境の変化"),
    pytest.param({"takes_effect_on": None}, True, "reassess", None, id="変更の日が未定"),
]


@pytest.mark.parametrize(("more", "material", "follows", "by"), CHANGES)
def test_a_change_is_explained(
    terminal: Terminal, more: dict[str, Any], *, material: bool, follows: str, by: str | None
) -> None:
    answer = explained(terminal, **more)
    assert (answer["material"], answer["follows"]) == (material, follows)
    if material:
        assert answer["by"] == by
        assert {"form", "item", "appendix", "provisions", "confirmed"} == set(answer["items"][0])
    assert answer["provisions"]


def test_an_end_of_business_and_an_incident_are_explained_too(terminal: Terminal) -> None:
    ended = {
        "report": "end_of_business",
        "assessments": ["a"],
        "title": "事務の終了",
        "facts": "制度の廃止。",
        "known_on": "2026-06-01",
        "ended_on": "2026-06-01",
    }
    given = json.dumps(ended).encode()
    done = terminal.run("explain", "change", "-", "--level", "basic_items", "--json", given=given)
    assert done.data["follows"] == "end"
    assert "規則第16条" in done.data["provisions"]
    event = demo_file("reports/misregistration.json")
    assert (
        terminal.run("explain", "change", "-", "--level", "all_items", "--json", given=event).data["follows"]
        == "review"
    )


def test_the_answer_is_readable_without_json(terminal: Terminal) -> None:
    given = json.dumps(CHANGE).encode()
    done = terminal.run("explain", "change", "-", "--level", "all_items", given=given)
    assert "重要な変更: 当たる【要確認】" in done.out
    assert "様式4 委託の有無（別表「委託の有無」）" in done.out
    assert "求められる対応: 再実施　期限: 2026-11-30" in done.out
    assert "根拠: " in done.out


def test_the_level_is_that_of_the_register_unless_told(terminal: Terminal) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    terminal.run("assessment", "add", "-", given=demo_file("assessments/sample-8.json"))
    one = json.loads(demo_file("assessments/sample-8.json"))["assessment_id"]
    given = json.dumps({**CHANGE, "assessments": [one]}).encode()
    answer = terminal.run("explain", "change", "-", "--json", given=given).data
    assert (answer["material"], answer["follows"]) == (False, "amend")
    assert "基礎項目評価のみの事務に重要な変更はなく" in " ".join(answer["reasons"])
    unknown = terminal.run("explain", "change", "-", "--json", given=json.dumps(CHANGE).encode())
    assert unknown.status == 1
    assert "--level" in unknown.err


def test_the_difference_of_two_documents_is_explained(terminal: Terminal, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_bytes(demo_file("documents/sapporo-7-all-items.json"))
    new.write_bytes(demo_file("documents/sapporo-7-all-items-revised.json"))
    day = ("--takes-effect-on", "2026-12-01")
    answer = terminal.run("explain", "diff", str(old), str(new), *day, "--json").data
    assert set(answer) == KEYS
    assert (answer["material"], answer["follows"], answer["by"]) == (True, "reassess", "2026-11-30")
    assert any(one["form"] == "様式4" for one in answer["items"])
    same = terminal.run("explain", "diff", str(old), str(old), "--json").data
    assert (same["material"], same["follows"], same["items"]) == (False, "review", [])
    basic = tmp_path / "basic.json"
    basic.write_bytes(demo_file("documents/digital-agency-1.json"))
    revised = tmp_path / "revised.json"
    revised.write_bytes(demo_file("documents/digital-agency-1-revised.json"))
    assert terminal.run("explain", "diff", str(basic), str(revised), "--json").data["follows"] == "amend"
    mixed = terminal.run("explain", "diff", str(basic), str(old))
    assert mixed.status == 1
    assert "様式が異なるため比べられません（様式2と様式4）" in mixed.err


RUBBISH = [
    pytest.param(b"", id="空"),
    pytest.param(b"[]", id="配列"),
    pytest.param(b'{"form": "basic_items"}', id="版がない"),
    pytest.param(b'{"form": "no_items", "form_version": "2024-10"}', id="知らない様式"),
]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_told_in_words(terminal: Terminal, tmp_path: Path, rubbish: bytes) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(rubbish)
    for command in (("explain", "diff", str(bad), str(bad)), ("explain", "change", str(bad), "--level", "all_items")):
        done = terminal.run(*command)
        assert done.status == 1
        assert "Traceback" not in done.err
        assert "すべきこと" in done.err
