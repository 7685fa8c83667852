"""漏えい等の事実の矛盾 (contradictions among the facts of a breach): what can't be so, whatever happened. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from schemas.breach import BreachFacts
from schemas.forms.wording import japanese_day


class FactFault(NamedTuple):
    """事実の矛盾 (contradiction): the fields of which it speaks, the one to be looked at first, and the sentence."""

    fields: tuple[str, ...]
    sentence: str


_DAYS = ("happened_on", "known_on", "principal_notified_on")


def faults_of_facts(facts: BreachFacts, *, on: date) -> tuple[FactFault, ...]:
    """Give everything in the facts of that day that can't be so, each as a Japanese sentence with what to do."""
    return (*_future(facts, on=on), *_order(facts), *_numbers(facts))


def _future(facts: BreachFacts, *, on: date) -> Iterator[FactFault]:
    for name in _DAYS:
        day: date | None = getattr(facts, name)
        if day is not None and day > on:
            yield FactFault(
                (name,),
                f"{_called(name)}: {japanese_day(day)}は今日（{japanese_day(on)}）より後です。"
                "今日までの日を書いてください。",
            )


def _order(facts: BreachFacts) -> Iterator[FactFault]:
    happened_on, known_on = facts.happened_on, facts.known_on
    if happened_on is not None and known_on is not None and happened_on > known_on:
        yield FactFault(
            ("happened_on", "known_on"),
            f"{_called('happened_on')}: {japanese_day(happened_on)}は、"
            f"最初に知った日（{japanese_day(known_on)}）より後です。日付を確かめるか、不明なら空にしてください。",
        )


def _numbers(facts: BreachFacts) -> Iterator[FactFault]:
    confirmed, at_most = facts.persons_confirmed, facts.persons_at_most
    if confirmed is not None and at_most is not None and confirmed > at_most:
        yield FactFault(
            ("persons_at_most", "persons_confirmed"),
            f"{_called('persons_at_most')}: {at_most:,}人は、判明している本人の数（{confirmed:,}人）より少なくなって"
            "います。最大の数には、判明している本人も含めてください。",
        )


def _called(name: str) -> str:
    return f"{name}（{BreachFacts.model_fields[name].title}）"
