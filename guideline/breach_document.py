"""漏えい等報告書の案 (draft of a breach report): 速報, 確報 or 追完, as far as the facts go.

What is not known is said to be unknown; it is never left out, and nothing is made up (漏えい等報告規則3条).
"""

from __future__ import annotations

from datetime import date

from pydantic import JsonValue

from guideline.breach_report import BreachJudgement
from schemas.breach import FORM, FORM_VERSION, BreachFacts, Happening, ReportItem, ReportKind, UnknownItem

Part = dict[str, JsonValue]

_TEXTS = (
    ReportItem.OVERVIEW,
    ReportItem.CAUSE,
    ReportItem.RESPONSE,
    ReportItem.PUBLICATION,
    ReportItem.PREVENTION,
)


def draft_of(
    facts: BreachFacts, judgement: BreachJudgement, *, kind: ReportKind, on: date, previous_on: date | None = None
) -> dict[str, JsonValue]:
    """Give a first draft of a report, for a person to complete; it fits the form where the facts suffice.

    It does not fit while the body or the day of knowing is missing, or, of a 追完, the day of the report before it; nor
    where there is 二次被害 and nothing is said of it. Whether a 確報 says why something is unknown is asked by
    `guideline.form_rules.check`. `on` is the day of the report.
    """
    return {
        "form": FORM,
        "form_version": FORM_VERSION,
        "cover": _cover(facts, judgement, kind=kind, on=on, previous_on=previous_on),
        **{item.value: _text(facts, item) for item in _TEXTS},
        ReportItem.DATA_ITEMS.value: _data_items(facts),
        ReportItem.DATA_SUBJECTS.value: _data_subjects(facts),
        ReportItem.SECONDARY_HARM.value: _secondary_harm(facts),
        ReportItem.OTHER.value: _other(facts),
    }


def _cover(
    facts: BreachFacts, judgement: BreachJudgement, *, kind: ReportKind, on: date, previous_on: date | None
) -> Part:
    days = {"happened_on": facts.happened_on, "known_on": facts.known_on, "previous_on": previous_on}
    lines = {"body": facts.body, "department": facts.department, "contact": facts.contact}
    met: list[JsonValue] = [one.row.id for one in judgement.to_report]
    return {
        "kind": kind.value,
        "reported_on": on.isoformat(),
        "situations": met,
        **{key: day.isoformat() for key, day in days.items() if day is not None},
        **{key: line for key, line in lines.items() if line is not None},
    }


def _unknown(facts: BreachFacts, item: ReportItem, state: str = "unknown") -> Part:
    why: UnknownItem | None = next((one for one in facts.account.unknown if one.item is item), None)
    told: Part = {"unknown_reason": why.reason, "follow_up": why.follow_up} if why else {}
    return {"state": state, **told}


def _text(facts: BreachFacts, item: ReportItem) -> Part:
    told: str | None = getattr(facts.account, item)
    return _unknown(facts, item) if told is None else {"state": "known", "content": told}


def _data_items(facts: BreachFacts) -> Part:
    told = facts.account.data_items
    if told is None:
        return _unknown(facts, ReportItem.DATA_ITEMS)
    return {"state": "known", "entries": list(dict.fromkeys(told))}


def _data_subjects(facts: BreachFacts) -> Part:
    confirmed, greatest = facts.persons_confirmed, facts.persons_at_most
    numbers: Part = {} if confirmed is None else {"confirmed_number": str(confirmed)}
    if greatest is not None:
        return {"state": "known", "greatest_number": str(greatest), **numbers}
    return _unknown(facts, ReportItem.DATA_SUBJECTS, "partly" if numbers else "unknown") | numbers


def _secondary_harm(facts: BreachFacts) -> Part:
    """Say whether there is any; that there is, without what it is, is not enough for the form."""
    happening, told = facts.account.secondary_harm, facts.account.secondary_harm_detail
    if happening is None:
        return _unknown(facts, ReportItem.SECONDARY_HARM)
    content: Part = {} if told is None or happening is Happening.NONE else {"content": told}
    return {"state": "known", "presence": happening.value, **content}


def _other(facts: BreachFacts) -> Part:
    told = facts.account.other
    return {"state": "nothing"} if told is None else {"state": "stated", "content": told}
