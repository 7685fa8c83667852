"""広げること (widening): two releases read each other, and verify what the other has signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from schemas.acts import Acknowledgement
from schemas.base import Line, Message
from schemas.canonical import act_digest, message_digest
from schemas.publish import MESSAGES, published
from schemas.signatures import signed_bytes
from schemas.widening import added
from tests.schemas.narrowing import narrowed

RELEASED = Path(__file__).parent / "released"


class WiderAcknowledgement(Acknowledgement):
    """受領確認, as a later release might know it."""

    remark: Line | None = added(title="申し送り")
    seen: tuple[Line, ...] = added((), title="見たもの")


WITHOUT: dict[str, Any] = {
    "act_id": "ack/one",
    "review_id": "digital-agency-1/1",
    "actor": {
        "person": "team-lead",
        "role": "team_member",
        "department": "pii-team",
        "body": "digital-agency",
        "organisation_revision": 1,
    },
}


def read(model: type[BaseModel], content: object) -> Any:
    return model.model_validate_json(json.dumps(content))


def test_what_an_added_field_does_not_say_is_not_sent_and_the_release_before_reads_it() -> None:
    wider = read(WiderAcknowledgement, WITHOUT)
    narrow = read(Acknowledgement, json.loads(to_json(wider)))
    assert to_json(narrow) == to_json(wider)
    assert "remark" not in json.loads(to_json(wider))


def test_both_releases_sign_and_hash_the_same_bytes() -> None:
    narrow, wider = read(Acknowledgement, WITHOUT), read(WiderAcknowledgement, WITHOUT)
    assert signed_bytes(narrow.model_dump(mode="json")) == signed_bytes(wider.model_dump(mode="json"))
    assert act_digest(narrow) == act_digest(wider)
    assert message_digest(narrow) == message_digest(wider)


@pytest.mark.parametrize("said", [{"remark": "後で見る。"}, {"seen": ["事由"]}], ids=str)
def test_what_it_does_say_is_sent_and_signed_and_the_release_before_refuses_it(said: dict[str, Any]) -> None:
    wider = read(WiderAcknowledgement, {**WITHOUT, **said})
    assert read(WiderAcknowledgement, json.loads(to_json(wider))) == wider
    assert signed_bytes(wider.model_dump(mode="json")) != signed_bytes(
        read(Acknowledgement, WITHOUT).model_dump(mode="json")
    )
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        read(Acknowledgement, json.loads(to_json(wider)))


class Inner(Message):
    word: Line = Field(title="語")


class Released(Message):
    name: Line = Field(title="名")
    kind: Inner | None = Field(default=None, title="種類")
    number: int = Field(default=0, ge=0, title="数")
    rows: tuple[Inner, ...] = Field(default=(), max_length=3, title="行")


class WithAdded(Released):
    later: Line | None = added(title="後")


class WithPlain(Released):
    later: Line | None = Field(default=None, title="後")


class WithRequired(Released):
    later: Line = Field(title="後")


class Without(Message):
    name: Line = Field(title="名")
    kind: Inner | None = Field(default=None, title="種類")
    number: int = Field(default=0, ge=0, title="数")


class NowRequired(Released):
    kind: Inner | None = Field(title="種類")


class NoLongerEmpty(Released):
    kind: Inner = Field(default=Inner(word="語"), title="種類")


class MoreRows(Released):
    rows: tuple[Inner, ...] = Field(default=(), max_length=4, title="行")


class FewerRows(Released):
    rows: tuple[Inner, ...] = Field(default=(), max_length=2, title="行")


class LargerNumber(Released):
    number: int = Field(default=1, ge=1, title="数")


class NumberInWords(Released):
    number: str = Field(default="0", title="数")  # type: ignore[assignment] # as a careless change would


class EmptyName(Released):
    name: Line | None = Field(default=None, title="名")  # type: ignore[assignment] # wider


@pytest.mark.parametrize(
    ("later", "complaint"),
    [
        pytest.param(Released, None, id="同じ"),
        pytest.param(WithAdded, None, id="後から加えた欄"),
        pytest.param(MoreRows, None, id="より多く"),
        pytest.param(EmptyName, None, id="空でもよい"),
        pytest.param(WithPlain, "/later: was added, and is not made by", id="常に書かれる欄"),
        pytest.param(WithRequired, "/later: became required", id="必須の欄"),
        pytest.param(Without, "/rows: is gone", id="なくなった欄"),
        pytest.param(NowRequired, "/kind: became required", id="必須になった欄"),
        pytest.param(NoLongerEmpty, "/kind: null is no longer taken", id="空にできなくなった欄"),
        pytest.param(FewerRows, "/rows: maxItems was lowered", id="より少なく"),
        pytest.param(LargerNumber, "/number: minimum was raised", id="より大きく"),
        pytest.param(NumberInWords, "/number: integer became string", id="別の型"),
    ],
)
def test_a_message_that_is_narrowed_or_widened_in_a_wrong_way_is_found(
    later: type[BaseModel], complaint: str | None
) -> None:
    found = narrowed(*(TypeAdapter(one).json_schema() for one in (Released, later)))
    assert bool(found) is (complaint is not None)
    assert all(complaint is not None and one.startswith(complaint) for one in found[:1])


def test_every_message_is_as_wide_as_itself() -> None:
    for text in published().values():
        assert narrowed(json.loads(text), json.loads(text)) == []


def test_no_message_is_narrower_than_in_any_release() -> None:
    """Open reviews hold messages of the release that wrote them, and the release before may have to go on with ours."""
    now = {name: json.loads(text) for name, text in published().items()}
    found = {
        str(file.relative_to(RELEASED)): narrowed(json.loads(file.read_text(encoding="utf-8")), now[file.name])
        for file in sorted(RELEASED.glob("*/*.schema.json"))
    }
    assert {name: complaints for name, complaints in found.items() if complaints} == {}


def test_every_added_field_is_told_by_the_published_schema() -> None:
    for name, message in MESSAGES.items():
        for model in (message,) if isinstance(message, type) and issubclass(message, BaseModel) else ():
            told = {
                field
                for field, schema in TypeAdapter(model).json_schema()["properties"].items()
                if "$comment" in schema
            }
            assert told == {field for field, info in model.model_fields.items() if info.exclude_if is not None}, name
