"""事実の様式 (form of facts): every fact of a breach as a field of a form, by its title; unknown is an answer."""

from collections.abc import Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from client.fact_changes import facts_as_told
from schemas.breach import BreachAccount, BreachFacts, Happening, Holder, ReportItem
from web.fields import Field, Kind

_LINE = 200

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("報告する機関", "Who reports", ("body", "department", "contact", "happened_on")),
    (
        "何が起きたか",
        "What happened",
        (
            "leak",
            "loss",
            "damage",
            "improper_purpose",
            "improper_use",
            "improper_provision",
            "seen_by_many",
            "unlawful_use",
            "unlawful_provision",
            "other_violation",
        ),
    ),
    (
        "どの情報か",
        "Which data",
        (
            "holder",
            "specific",
            "in_file",
            "network_system",
            "number_use_system",
            "number_related_system",
            "retained",
            "sensitive",
            "ordinance_sensitive",
            "financial_harm",
        ),
    ),
    ("本人の数", "How many persons", ("persons_confirmed", "persons_at_most")),
    (
        "報告を要しない事情",
        "What may take it out",
        ("encrypted", "recovered_unseen", "kept_elsewhere", "deleted_for_cause"),
    ),
    ("委託", "Outsourcing", ("as_contractor", "principal_has_duty", "principal_notified_on")),
    ("本人への通知", "Notice to the persons", ("notice_difficult", "notice_widens_harm", "not_disclosable")),
)
"""項目のまとまり: in which order a person is asked."""

_ACCOUNT = tuple(name for name in BreachAccount.model_fields if name != "unknown")


def fact_groups(*, within: str = "") -> tuple[tuple[str, str, tuple[Field, ...]], ...]:
    """Give the fields that decide whether to report, in groups; `within` is where they stand in the content."""
    return tuple(
        (title, english, tuple(_field(BreachFacts.model_fields[name], f"{within}{name}") for name in names))
        for title, english, names in GROUPS
    )


def account_groups(*, within: str) -> tuple[tuple[str, str, tuple[Field, ...]], ...]:
    """Give the fields of what a report tells, and why an item is not known."""
    told = tuple(_field(BreachAccount.model_fields[name], f"{within}account.{name}") for name in _ACCOUNT)
    unknown = tuple(
        field
        for item in ReportItem
        for field in (
            Field(f"unknown.{item.value}.reason", f"{item.label}: 不明である理由"),
            Field(f"unknown.{item.value}.follow_up", f"{item.label}: 追完の予定", Kind.LINE),
        )
    )
    return (
        ("報告の内容", "What the report tells", told),
        ("分からない事項とその理由", "What is not known, and why", unknown),
    )


def with_unknown(content: dict[str, Any]) -> dict[str, Any]:
    """Put the items that are not known where the facts have them."""
    said = {name: value for name, value in content.items() if name != "unknown"}
    told = content.get("unknown", {})
    unknown = [{"item": item.value, **told[item.value]} for item in ReportItem if item.value in told]
    if unknown:
        facts = said.setdefault("facts", {})
        facts["account"] = {**facts.get("account", {}), "unknown": unknown}
    return said


def values_of(facts: BreachFacts, *, within: str) -> dict[str, list[str]]:
    """Give what the fields of a form hold at first: the facts as they are recorded."""
    told = facts_as_told(facts)
    account: dict[str, Any] = told.pop("account", {})
    values = {f"{within}{name}": _typed(value) for name, value in told.items()}
    unknown = account.pop("unknown", [])
    values |= {f"{within}account.{name}": _typed(value) for name, value in account.items()}
    for one in unknown:
        values |= {f"unknown.{one['item']}.{name}": [one[name]] for name in ("reason", "follow_up")}
    return values


def places_of(at: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, str]:
    """Say of what is wrong with an item that is not known at which of the fields that is."""
    unknown = facts.get("account", {}).get("unknown", [])
    prefix = "facts.account.unknown"
    places = {}
    for place, what in at.items():
        number, _, name = place.removeprefix(f"{prefix}.").partition(".")
        inside = place.startswith(f"{prefix}.") and number.isdigit() and int(number) < len(unknown)
        places[f"unknown.{unknown[int(number)]['item']}.{name}" if inside else place] = what
    return places


def _typed(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return ["\n".join(value) if isinstance(value, list) else str(value)]


def _field(info: FieldInfo, name: str) -> Field:
    """Make a field of a fact: how it is asked follows from what it may be."""
    title = info.title or name
    kinds = {inner for inner in _inside(info.annotation) if isinstance(inner, type)}
    if bool in kinds:
        return Field(name, title, Kind.YES_NO)
    for choices in (Happening, Holder):
        if choices in kinds:
            return Field(
                name, title, Kind.CHOICE, choices=(*((one.value, one.label) for one in choices), ("", "分からない"))
            )
    if date in kinds:
        return Field(name, title, Kind.DAY)
    if int in kinds:
        return Field(name, title, Kind.NUMBER)
    if tuple in kinds:
        return Field(name, title, Kind.LINES, help="一行に一つ書いてください。")
    longest = max(
        (one.max_length or 0 for one in _inside(info.annotation) if isinstance(one, StringConstraints)), default=0
    )
    return Field(name, title, Kind.LINE if longest <= _LINE else Kind.TEXT)


def _inside(annotation: Any) -> list[Any]:
    """Give what an annotation is made of: the types, and what is said of them."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType, Annotated):
        return [inner for one in get_args(annotation) for inner in _inside(one)]
    return [tuple] if origin is tuple else [annotation]
