"""改められた事実 (changed facts): what a form of all facts changes of an event, and what others changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from client.errors import InvalidInputError
from schemas.breach import BreachAccount, BreachFacts, ReportItem
from schemas.event_acts import FactsUpdate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.event_acts import EventHistory

ACCOUNT = "account"

FACTS = (
    *(name for name in BreachFacts.model_fields if name not in (ACCOUNT, "known_on")),
    *(f"{ACCOUNT}.{name}" for name in BreachAccount.model_fields),
)
"""改められる事実: every fact that an update may speak of; when it was known first is told otherwise."""


class OvertakenError(InvalidInputError):
    """先に改められた (overtaken): others changed these facts after they were read; `told` is what was typed of them."""

    def __init__(self, told: Mapping[str, str], *, facts: BreachFacts, facts_revision: int) -> None:
        super().__init__(
            "このページを開いた後に、ほかの人が事実を改めました。",
            where="事実の更新",
            remedy="示された項目には、今の値を入れ直しました。ほかは入力したままです。確かめて、もう一度送ってください。",
            faults=tuple(f"{title_of(name)}: 改められています。" for name in told),
            at={f"facts.{name}": f"ほかの人が改めました。あなたの入力: {words}" for name, words in told.items()},
        )
        self.names = tuple(told)
        self.facts = facts
        self.facts_revision = facts_revision


def changed_facts(history: EventHistory, told: Mapping[str, Any], *, read_revision: int) -> dict[str, Any]:
    """Give of all facts that were told those that differ from what is recorded; null where one is no longer known.

    Raises OvertakenError where another person changed one of them after `read_revision`, which was read: to change
    it back unread would undo what they found out.
    """
    differing = differing_facts(told, history.state.facts)
    since = changed_since(history, read_revision)
    if overtaken := [name for name in differing if name in since]:
        raise OvertakenError(
            {name: _word(_said(told, name)) for name in overtaken},
            facts=history.state.facts,
            facts_revision=history.state.facts_revision,
        )
    return facts_of(told, differing)


def differing_facts(told: Mapping[str, Any], facts: BreachFacts) -> list[str]:
    """Name the facts that are told otherwise than they are recorded."""
    present = facts_as_told(facts)
    return [name for name in FACTS if _said(told, name) != _said(present, name)]


def facts_of(told: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Give what is told of these facts; null where one is not known."""
    facts: dict[str, Any] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        said = _said(told, name)
        if inner:
            facts.setdefault(outer, {})[inner] = [] if said is None and inner == "unknown" else said
        else:
            facts[name] = said
    return facts


def changed_since(history: EventHistory, revision: int) -> frozenset[str]:
    """Name the facts that were changed after a revision of them."""
    acts = (one.act for one in history.acts if one.receipt.facts_revision > revision)
    return frozenset(name for act in acts if isinstance(act, FactsUpdate) for name in act.changed)


def facts_as_told(facts: BreachFacts) -> dict[str, Any]:
    """Give the facts as a form tells them: what is not known is left out, texts without what surrounds them."""
    told: dict[str, Any] = _bare(facts.model_dump(mode="json"))
    unknown = told.get(ACCOUNT, {}).get("unknown", [])
    unknown.sort(key=lambda one: _ITEMS.index(one["item"]))
    return told


_ITEMS = [one.value for one in ReportItem]


def title_of(name: str) -> str:
    """Give the title of a fact, of those of the account too."""
    outer, _, inner = name.partition(".")
    field = BreachAccount.model_fields[inner] if inner else BreachFacts.model_fields[outer]
    return field.title or name


def _said(told: Mapping[str, Any], name: str) -> Any:
    outer, _, inner = name.partition(".")
    value = told.get(outer)
    return (value or {}).get(inner) if inner else value


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: inner for name, one in value.items() if (inner := _bare(one)) not in (None, [], {})}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return value.strip() if isinstance(value, str) else value


def _word(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_word(one) for one in value)
    if isinstance(value, dict):
        return " ".join(_word(one) for one in value.values())
    if value is None:
        return "分からない"
    return ("はい" if value else "いいえ") if isinstance(value, bool) else f"{value}"
