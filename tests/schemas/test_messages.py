"""メッセージ: the model and its published schema accept and refuse the same examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import TypeAdapter, ValidationError

import schemas
from schemas import canonical, publish
from schemas.publish import FOLDER, MESSAGES, published, stale

EXAMPLES = Path(schemas.__file__).parent / "examples"
ACCEPTED = [
    pytest.param(f, id=f"{f.parts[-3]}: {f.stem}") for n in MESSAGES for f in sorted(EXAMPLES.glob(f"{n}/accept/*"))
]
REFUSED = [
    pytest.param(f, id=f"{f.parts[-3]}: {f.stem}") for n in MESSAGES for f in sorted(EXAMPLES.glob(f"{n}/refuse/*"))
]


def schema_accepts(file: Path) -> bool:
    schema = json.loads((FOLDER / f"{file.parts[-3]}.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    return bool(validator.is_valid(json.loads(file.read_text(encoding="utf-8"))))


def model_accepts(file: Path) -> bool:
    try:
        TypeAdapter(MESSAGES[file.parts[-3]]).validate_json(file.read_text(encoding="utf-8"))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("file", ACCEPTED)
def test_both_accept(file: Path) -> None:
    assert model_accepts(file)
    assert schema_accepts(file)


@pytest.mark.parametrize("file", REFUSED)
def test_both_refuse(file: Path) -> None:
    assert not model_accepts(file)
    assert not schema_accepts(file)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_has_examples_of_both_kinds(name: str) -> None:
    for kind in ("accept", "refuse"):
        assert list((EXAMPLES / name / kind).glob("*.json"))


def properties(schema: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for node in (schema, *schema.get("$defs", {}).values()):
        found += node.get("properties", {}).items()
    return found


@pytest.fixture(scope="module")
def all_published() -> dict[str, str]:
    return published()


@pytest.mark.parametrize("name", MESSAGES)
def test_every_field_has_a_japanese_title_and_nothing_unknown_is_let_in(
    all_published: dict[str, str], name: str
) -> None:
    schema = json.loads(all_published[f"{name}.schema.json"])
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == publish.DIALECT
    assert [key for key, node in properties(schema) if node.get("title", "").isascii()] == []
    objects = [node for node in (schema, *schema.get("$defs", {}).values()) if node.get("type") == "object"]
    assert all(node["additionalProperties"] is False for node in objects)


def test_what_is_published_is_up_to_date() -> None:
    assert stale() == ()
    assert publish.main(["--check"]) == 0


def test_a_stale_schema_is_found_and_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(publish, "FOLDER", tmp_path / "published")
    assert publish.main([]) == 0
    (publish.FOLDER / "approve.schema.json").write_text("{}")
    (publish.FOLDER / "find.schema.json").unlink()
    (publish.FOLDER / "left_over.schema.json").write_text("{}")
    assert stale() == ("approve.schema.json", "find.schema.json", "left_over.schema.json")
    assert publish.main(["--check"]) == 1
    assert "approve.schema.json" in capsys.readouterr().err
    assert publish.main([]) == 0
    assert stale() == ()


def test_canonical_bytes_have_one_form() -> None:
    assert canonical.canonical_bytes({"b": 1, "あ": [True, None]}) == '{"b":1,"あ":[true,null]}'.encode()
    assert canonical.digest_of({"a": 1, "b": 2}) == canonical.digest_of({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="Out of range"):
        canonical.canonical_bytes(float("nan"))


def test_a_token_is_kept_by_a_digest_whatever_is_sent_in_its_place() -> None:
    assert canonical.token_digest("abc") == canonical.sha256_of(b"abc")
    assert canonical.token_digest("half of a character: \ud83d") != canonical.token_digest("half of a character: ")


def test_an_act_is_the_same_act_under_another_revision_of_the_organisation() -> None:
    acknowledge = json.loads((EXAMPLES / "acknowledge" / "accept" / "example.json").read_text(encoding="utf-8"))
    later = {**acknowledge, "actor": {**acknowledge["actor"], "organisation_revision": 9}}
    other = {**acknowledge, "actor": {**acknowledge["actor"], "person": "other"}}
    model = TypeAdapter(MESSAGES["acknowledge"])
    digests = [canonical.act_digest(model.validate_json(json.dumps(one))) for one in (acknowledge, later, other)]
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]
