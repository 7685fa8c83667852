"""悪い入力: a clear error naming place and remedy; nothing in the history, nothing in the register."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from client.errors import ActRefusedError, CallerError, InvalidDocumentError, InvalidInputError, NotFoundError
from client.input import message_from
from schemas.acts import Finding
from schemas.reports import ChangeReport
from tests.house import DRAFTER, MANAGER, TEAM, House, as_json, document

GOOD = {
    "assessments": ["a"],
    "kind": "system",
    "title": "件",
    "facts": "事実",
    "known_on": "2026-05-01",
}

FAULTS = [
    pytest.param(b"", "JSON として読めません", id="空"),
    pytest.param(b'{"a": ', "JSON として読めません", id="途中で切れたJSON"),
    pytest.param(b"[1]", "オブジェクト", id="配列"),
    pytest.param(b'"text"', "オブジェクト", id="文字列"),
    pytest.param(b"\xff", "UTF-8", id="UTF-8でない"),
    pytest.param(b'{"title": "\\ud800"}', "文字として書けない", id="半端な代用符号"),
    pytest.param(b'{"title": "x\\u0000"}', "文字として書けない", id="NUL"),
    pytest.param(b'{"a": [{"b\\u0000": 1}]}', "文字として書けない", id="項目名のNUL"),
    pytest.param(b'{"a": NaN}', "NaN", id="数でない数"),
    pytest.param(b'{"title": "x", "title": "y"}', "二度現れます", id="二度の項目"),
    pytest.param(b'{"a":' * 50_000, "深すぎます", id="深い入れ子"),
    pytest.param(b'{"facts": "' + b"a" * 10_000_000 + b'"}', "大きすぎます", id="10MB"),
]


@pytest.mark.parametrize(("content", "words"), FAULTS)
def test_what_is_no_message_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as refused:
        message_from(ChangeReport, content, where="環境の変化の報告")
    assert refused.value.where == "環境の変化の報告"
    assert refused.value.remedy


def test_the_choices_are_told_without_english_words() -> None:
    with pytest.raises(InvalidInputError) as refused:
        message_from(ChangeReport, json.dumps({**GOOD, "kind": "weather"}).encode(), where="環境の変化の報告")
    [fault] = refused.value.faults
    choices = fault.partition("次のいずれかで書いてください: ")[2].split("、")
    assert len(choices) > 1
    assert all(one == f"'{one[1:-1]}'" for one in choices)


def test_the_shape_that_is_asked_for_is_told_in_words() -> None:
    evidence = [{"title": "控え", "sha256": "A"}, {"title": " ", "sha256": "b" * 64}]
    content = {"title": " ", "assessments": ["B/"], "evidence": evidence}
    with pytest.raises(InvalidInputError) as refused:
        message_from(ChangeReport, json.dumps({**GOOD, **content}).encode(), where="環境の変化の報告")
    told = refused.value.at
    assert told["title"] == "空白だけです。内容を書いてください。"
    assert told["evidence.0.sha256"].startswith("SHA-256（64桁の英小文字と数字")
    assert told["assessments.0"].startswith("使えない文字か形です（64字までの英小文字")
    assert all("求める形" not in fault for fault in refused.value.faults)


FIELDS = [
    pytest.param({"title": None}, "title（件名）: 文字列で", id="型の誤り"),
    pytest.param({"known_on": "5月1日"}, "known_on（把握した日）: 日付", id="日付でない"),
    pytest.param({"known_on": "2026-02-30"}, "known_on（把握した日）: 日付", id="ない日付"),
    pytest.param({"known_on": "2026-05-01T10:00:00"}, "known_on（把握した日）", id="時刻つき"),
    pytest.param({"known_on": 5}, "known_on（把握した日）: 日付", id="数の日付"),
    pytest.param({"kind": "weather"}, "次のいずれか", id="選択肢にない"),
    pytest.param({"assessments": []}, "少なくとも1件", id="空の一覧"),
    pytest.param({"assessments": "a"}, "配列", id="一覧でない"),
    pytest.param({"assessments": ["あ"]}, "使えない文字か形です（64字までの英小文字", id="識別子でない"),
    pytest.param({"title": ""}, "1字以上", id="空の件名"),
    pytest.param({"title": "あ" * 201}, "200字まで", id="長い件名"),
    pytest.param({"colour": "blue"}, "知らない項目", id="知らない項目"),
    pytest.param({"evidence": [{"title": "x"}]}, "書かれていません", id="足りない項目"),
    pytest.param({"evidence": [5]}, "オブジェクト", id="組でない"),
]


@pytest.mark.parametrize(("change", "words"), FIELDS)
def test_each_fault_is_named_in_the_readers_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        message_from(ChangeReport, json.dumps({**GOOD, **change}).encode(), where="報告")
    assert any(words in fault for fault in refused.value.faults)
    assert "Input should" not in "".join(refused.value.faults)
    assert "値が正しくありません" not in "".join(refused.value.faults)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        message_from(ChangeReport, b"{}", where="報告")
    assert len(refused.value.faults) == 5


def test_what_the_engine_fills_in_can_not_be_written() -> None:
    with pytest.raises(InvalidInputError, match="actor"):
        message_from(Finding, b'{"actor": {}}', where="検討結果", filled={"actor": {}})


STARTED_BY_ONE_REPORT = 2


async def state_of(house: House) -> tuple[object, int]:
    """Give the head of the trail and the number of workflows, once the list has caught up with the first report."""
    while (started := await workflows_of(house)) < STARTED_BY_ONE_REPORT:  # noqa: ASYNC110 # nobody tells
        await asyncio.sleep(0.02)
    return await house.register.audit_head(), started


async def workflows_of(house: House) -> int:
    counted = await house.temporal.count_workflows(f'TaskQueue = "{house.settings.task_queue}"')
    return counted.count


BAD_ACTS: list[Any] = [
    pytest.param(lambda h, _: h.report_change(assessments=["none"]), NotFoundError, id="知らない評価書"),
    pytest.param(lambda h, _: h.report_change(as_="nobody"), NotFoundError, id="知らない職員"),
    pytest.param(lambda h, _: h.report_event(known_by_department="x"), InvalidInputError, id="知らない部署"),
    pytest.param(lambda h, _: h.report_change(kind=7), InvalidInputError, id="型の誤り"),
    pytest.param(lambda h, _: h.report_change(act_id="x" * 121), InvalidInputError, id="長い行為番号"),
    pytest.param(lambda h, _: h.find("none/1", as_=TEAM), NotFoundError, id="知らない見直し"),
    pytest.param(lambda h, r: h.find(r, as_=TEAM, course="maybe"), InvalidInputError, id="知らない結論"),
    pytest.param(lambda h, r: h.find(r, as_=TEAM, actor={}), InvalidInputError, id="行為者を名乗る"),
    pytest.param(lambda h, r: h.find(r, as_=DRAFTER), ActRefusedError, id="役割がない"),
    pytest.param(lambda h, _: h.add_assessment("b", document=None), InvalidInputError, id="文書のない評価書"),
    pytest.param(lambda h, _: h.add_assessment("b", department="x"), NotFoundError, id="知らない部署の評価書"),
    pytest.param(lambda h, _: h.add_assessment(h.assessment_id, name="別の名称"), InvalidInputError, id="同じ識別子"),
]


@pytest.mark.parametrize(("act", "error"), BAD_ACTS)
async def test_a_bad_act_records_and_starts_nothing(house: House, act: Any, error: type[CallerError]) -> None:
    review_id = await house.report_change()
    before = await state_of(house)
    with pytest.raises(error) as refused:
        await act(house, review_id)
    assert refused.value.where
    assert refused.value.remedy
    assert await state_of(house) == before


BAD_DRAFTS = [
    pytest.param(document("incomplete"), id="記入漏れ"),
    pytest.param({**document(), "form_version": "1999-01"}, id="知らない様式の版"),
]


@pytest.mark.parametrize("draft", BAD_DRAFTS)
async def test_a_bad_draft_records_and_starts_nothing(house: House, draft: dict[str, Any]) -> None:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    before = await state_of(house)
    with pytest.raises(InvalidDocumentError):
        await house.minaoshi.reviews.submit(review_id, as_json(**draft), as_=DRAFTER)
    assert await state_of(house) == before


async def test_the_department_can_not_approve_for_the_team(house: House) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    for person in (MANAGER, DRAFTER, "allowance-manager", "auditor", "chief", "desk"):
        with pytest.raises(ActRefusedError):
            await house.minaoshi.reviews.approve(review_id, as_=person)
    assert (await house.show(review_id)).state.stage.value == "approval"
