"""様式2の記載の整合 (rules of the basic items): what must agree across the items of 様式2, and no schema can say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from guideline.form_answers import Answers, Breach, FormRule
from guideline.threshold import analyse_threshold
from schemas.levels import Level

BANDS = MappingProxyType(
    {  # each band by a number that lies in it; within a band the level is the same
        "under_1000": 999,
        "from_1000_under_10000": 1_000,
        "from_10000_under_100000": 10_000,
        "from_100000_under_300000": 100_000,
        "at_least_300000": 300_000,
    }
)
HANDLERS = MappingProxyType({"under_500": 499, "at_least_500": 500})
INCIDENTS = MappingProxyType({"occurred": True, "not_occurred": False})
_REPEATED = MappingProxyType(  # 教育・啓発 is answered in other words than the risks
    {"particular_effort": "particular_effort", "sufficient": "sufficient", "insufficient": "issues_remain"}
)

_NOT_CARRIED_OUT = ("not_outsourced", "not_provided", "not_connected")

DATA_SUBJECTS = "/threshold_items/data_subjects/band"
HANDLER_COUNT = "/threshold_items/handlers/band"
SERIOUS_INCIDENT = "/threshold_items/serious_incident"
_RESULT = "/threshold_result"
_SUBMITTED = "/risk_measures/submitted_level"
_TOP_MEASURE = "/risk_measures/top_priority/measure"
_TOP_ANSWER = "/risk_measures/top_priority/answer"


def computed_level(answers: Answers, on: date) -> Level | None:
    """Give the level that Ⅱ1 to Ⅱ3 lead to (規則第4条-第7条); None while one of them is missing."""
    band, handlers, incident = (answers.choice(path) for path in (DATA_SUBJECTS, HANDLER_COUNT, SERIOUS_INCIDENT))
    if band is None or handlers is None or incident is None:
        return None
    return analyse_threshold(
        data_subjects=BANDS[band], handlers=HANDLERS[handlers], serious_incident=INCIDENTS[incident], on=on
    ).required_level


def _result_matches(answers: Answers, on: date) -> Iterator[Breach]:
    stated, computed = answers.choice(_RESULT), computed_level(answers, on)
    if stated is None or computed in (None, stated) or answers.choice(DATA_SUBJECTS) == "under_1000":
        return
    due = answers.item(_RESULT).choices[str(computed)]
    yield Breach(
        _RESULT,
        f"Ⅲの「{answers.words(_RESULT)}」は、Ⅱ1からⅡ3までの記載から導かれる「{due}」と異なります。"
        "Ⅱの記載を確かめ、Ⅲを直してください。",
    )


def _voluntary_result(answers: Answers, _: date) -> Iterator[Breach]:
    stated = answers.choice(_RESULT)
    if answers.choice(DATA_SUBJECTS) != "under_1000" or stated in (None, Level.NOT_REQUIRED):
        return
    yield Breach(
        _RESULT,
        f"Ⅱ1が「{answers.words(DATA_SUBJECTS)}」のときは任意の評価であり、Ⅲの「{answers.words(_RESULT)}」とはなりません。"
        "Ⅱ1を確かめ、Ⅲを「特定個人情報保護評価の実施が義務付けられない」に直してください。",
    )


def _submitted_not_lower(answers: Answers, on: date) -> Iterator[Breach]:
    submitted, stated = answers.choice(_SUBMITTED), answers.choice(_RESULT)
    required = computed_level(answers, on) or stated
    if submitted is None or required is None or Level(submitted).rank >= Level(required).rank:
        return
    due = answers.item(_SUBMITTED).choices[str(required)]
    yield Breach(
        _SUBMITTED,
        f"Ⅳ1の「{answers.words(_SUBMITTED)}」は、しきい値判断の結果により求められる「{due}」より低い種類です。"
        "求められる種類か、任意に実施するより高い種類を選んでください。",
    )


def _priority_measure_applies(answers: Answers, _: date) -> Iterator[Breach]:
    measure = answers.choice(_TOP_MEASURE)
    if measure is None or answers.choice(f"/risk_measures/{measure}/status") not in _NOT_CARRIED_OUT:
        return
    yield Breach(
        _TOP_MEASURE,
        f"Ⅳ11で選んだ「{answers.words(_TOP_MEASURE)}」は、この評価書では行わないとされている取扱いへの対策です。"
        "行っている取扱いへの対策を選んでください。",
    )


def _repeated_answer(answers: Answers, _: date) -> Iterator[Breach]:
    measure, repeated = answers.choice(_TOP_MEASURE), answers.choice(_TOP_ANSWER)
    if measure is None or repeated is None:
        return
    original_path = f"/risk_measures/{measure}/answer"
    original = answers.choice(original_path)
    if original is None or _REPEATED.get(original, original) == repeated:
        return
    yield Breach(
        _TOP_ANSWER,
        f"Ⅳ11の「{answers.words(_TOP_ANSWER)}」は再掲であり、「{answers.item(original_path).label}」の"
        f"「{answers.words(original_path)}」と同じでなければなりません。どちらが正しいかを確かめ、揃えてください。",
    )


BASIC_ITEMS_RULES = (
    FormRule(
        id="threshold_result_matches",
        sentence="Ⅲ しきい値判断結果は、Ⅱ1からⅡ3までの記載から導かれる結果と同じである。",
        provision="規則第4条第8号、第5条第1項、第6条第1項、第7条第1項",
        find=_result_matches,
    ),
    FormRule(
        id="voluntary_result",
        sentence="Ⅱ1が1,000人未満（任意実施）のとき、Ⅲは義務付けられないとする結果である。",
        provision="規則第4条第3号",
        find=_voluntary_result,
    ),
    FormRule(
        id="submitted_level_not_lower",
        sentence="Ⅳ1 提出する評価書の種類は、しきい値判断の結果より低くない。任意に高くすることはできる。",
        provision="規則第5条第1項、第6条第1項、第7条第1項",
        find=_submitted_not_lower,
    ),
    FormRule(
        id="priority_measure_applies",
        sentence="Ⅳ11で選ぶ対策は、行っている取扱いへの対策である。",
        provision="様式2 Ⅳ11",
        find=_priority_measure_applies,
    ),
    FormRule(
        id="repeated_answer_matches",
        sentence="Ⅳ11の再掲の回答は、選んだ対策の回答と同じである。",
        provision="様式2 Ⅳ11",
        find=_repeated_answer,
    ),
)
"""様式2の記載の整合: every rule, in the order of the items."""
