"""公表しない部分 (withholding): which places a document leaves out of its publication, and whether the rule lets it.

公示・公表の特例: 規則第10条 (by 5条2項, 6条3項, 7条3項・6項, 13条, 14条2項・3項). None of these lifts 提出.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from guideline.provisions import (
    RULE_5_2,
    RULE_6_3,
    RULE_7_3,
    RULE_7_6,
    RULE_10_1,
    RULE_10_2,
    RULE_13,
    RULE_14_2,
    RULE_14_3,
    Provision,
    cited,
    rows_in_force,
)
from schemas.courses import Course
from schemas.forms import catalogue
from schemas.forms.errors import FormError, pointer
from schemas.forms.places import places
from schemas.levels import Level
from schemas.organisation import BodyKind

TABLE = "withheld"
"""公表しない部分の表: the key of the table in a document."""

CLAUSES: Mapping[str, Provision] = MappingProxyType({"rule_10_1": RULE_10_1, "rule_10_2": RULE_10_2})
"""根拠: what a row of the table can rest on."""

_NOT_TO_BE_NAMED = frozenset({"form", "form_version", TABLE})

Keys = tuple[str | int, ...]


class WithholdingError(ValueError):
    """公表しない部分の誤り: a row that leads nowhere; nothing may be published by such a table."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class WithheldPlace:
    """公表しない場所 (withheld place): where it stands, why it is left out, and by which clause.

    `keys` leads to an item, a group or an entry of a repeated part; all below it is withheld.
    """

    keys: Keys
    label: str
    reason: str
    clause: str

    @property
    def mark(self) -> str:
        """What stands in the public rendition instead of the text."""
        clause = CLAUSES.get(self.clause)
        return f"（{clause.article if clause else self.clause}により公表しない。理由: {self.reason}）"

    def covers(self, keys: Keys) -> bool:
        """Say whether a place is withheld by this row."""
        return keys[: len(self.keys)] == self.keys


def withheld_places(document: Mapping[str, object]) -> tuple[WithheldPlace, ...]:
    """Give the rows of the table, each with where it leads. Raises WithholdingError, UnknownFormError."""
    found, faults = _read(document)
    if faults:
        raise WithholdingError(tuple(f"{fault.item}: {fault.message}" for fault in faults))
    return found


def withholding_errors(document: Mapping[str, object]) -> tuple[FormError, ...]:
    """Give the rows that lead nowhere; none where the form of the document is not known."""
    try:
        return _read(document)[1]
    except catalogue.UnknownFormError:
        return ()


def _read(document: Mapping[str, object]) -> tuple[tuple[WithheldPlace, ...], tuple[FormError, ...]]:
    schema = catalogue.load(str(document.get("form")), str(document.get("form_version"))).schema
    rows = document.get(TABLE) or []
    found, faults = [], []
    for number, row in enumerate(rows if isinstance(rows, list) else [rows]):
        words = row if isinstance(row, Mapping) else {}
        place = str(words.get("place", ""))
        keys = keys_of(place, document)
        if keys is None or keys[0] in _NOT_TO_BE_NAMED:
            faults.append(_leads_nowhere(place, number))
            continue
        label = catalogue.label(tuple(catalogue.walk(schema, keys, document)))
        found.append(WithheldPlace(keys, label, str(words.get("reason", "")), str(words.get("provision", ""))))
    return tuple(found), tuple(faults)


def _leads_nowhere(place: str, number: int) -> FormError:
    return FormError(
        path=f"/{TABLE}/{number}/place",
        item=f"公表しない部分の{number + 1}件目",
        message=f"場所「{place}」には、この文書の記載がありません。記載のある項目、その組又は各件の場所を、"
        "「/files/0/storage/place」のように書いてください。",
        rule="withheld_leads_nowhere",
    )


def keys_in(place: str) -> Keys:
    """Give the keys of a JSON pointer (RFC 6901); numbers are places in a list."""
    return tuple(
        int(part) if _INDEX.fullmatch(part) else part.replace("~1", "/").replace("~0", "~")
        for part in place.split("/")[1:]
    )


def keys_of(place: str, document: object) -> Keys | None:
    """Follow a JSON pointer into a document; None where nothing stands there, and for the whole of it."""
    keys = keys_in(place)
    if not keys or pointer(keys) != place or catalogue.value_at(document, keys) is None:
        return None
    return keys


_INDEX = re.compile("[0-9]{1,9}")


class Permission(StrEnum):
    """許否 (permission): whether a clause may be used for a document."""

    PERMITTED = "permitted"  # 用いることができる
    REFUSED = "refused"  # 用いることができない
    TO_BE_DECIDED = "to_be_decided"  # 人が判断する


@dataclass(frozen=True, slots=True)
class WithholdingRow:
    """特例の一行 (row of the special rules): a clause, for which document and in which course, and what applies it."""

    in_force_on: date
    level: Level
    body_kinds: tuple[BodyKind, ...]
    courses: tuple[Course, ...]
    clause: Provision
    permission: Permission
    applied_by: tuple[Provision, ...]
    confirmed: bool = True


_FIRST_DAY = date(2016, 1, 1)  # the earliest version of the ordinance that was read
_ALL_KINDS = tuple(BodyKind)
_LOCAL = (BodyKind.LOCAL_GOVERNMENT,)
_OTHERS = (BodyKind.ADMINISTRATIVE_BODY,)
_ANEW = (Course.REASSESS,)
_AMENDED = (Course.AMEND, Course.END_BUSINESS)


def _both(
    level: Level, kinds: tuple[BodyKind, ...], courses: tuple[Course, ...], *applied_by: Provision
) -> tuple[WithholdingRow, ...]:
    return tuple(
        WithholdingRow(_FIRST_DAY, level, kinds, courses, clause, Permission.PERMITTED, applied_by)
        for clause in (RULE_10_1, RULE_10_2)
    )


def _basic(
    courses: tuple[Course, ...], clause: Provision, permission: Permission, *by: Provision, confirmed: bool = True
) -> WithholdingRow:
    return WithholdingRow(_FIRST_DAY, Level.BASIC_ITEMS, _ALL_KINDS, courses, clause, permission, by, confirmed)


WITHHOLDING = (
    _basic(_ANEW, RULE_10_1, Permission.PERMITTED, RULE_5_2),
    _basic(_ANEW, RULE_10_2, Permission.REFUSED, RULE_5_2),
    _basic(_AMENDED, RULE_10_1, Permission.PERMITTED, RULE_14_2, RULE_14_3),
    # The wording of 14条2項・3項 would allow for an amendment what 5条2項 does not for the first: a person decides.
    _basic(_AMENDED, RULE_10_2, Permission.TO_BE_DECIDED, RULE_14_2, RULE_14_3, confirmed=False),
    *_both(Level.PRIORITY_ITEMS, _ALL_KINDS, _ANEW, RULE_6_3),
    *_both(Level.PRIORITY_ITEMS, _ALL_KINDS, _AMENDED, RULE_14_2, RULE_14_3),
    *_both(Level.ALL_ITEMS, _LOCAL, _ANEW, RULE_7_3, RULE_7_6),
    *_both(Level.ALL_ITEMS, _LOCAL, _AMENDED, RULE_14_2, RULE_14_3),
    *_both(Level.ALL_ITEMS, _OTHERS, _ANEW, RULE_13),
    *_both(Level.ALL_ITEMS, _OTHERS, _AMENDED, RULE_14_2),
)
"""公示・公表の特例: all rows. A released row is never edited; a changed rule comes as a whole with its own day."""


@dataclass(frozen=True, slots=True)
class WithholdingVerdict:
    """特例の適用 (verdict): what must be put right, what a person must decide, and by which clauses.

    `confirmed` is False where a row was used whose source is not confirmed.
    """

    faults: tuple[str, ...]
    to_be_decided: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def rules_of_withholding(
    document: Mapping[str, object], *, body_kind: BodyKind, course: Course | None, on: date
) -> WithholdingVerdict:
    """Say of a document whether it may leave out what its table names.

    The form of the document decides, not the level of the assessment: the 基礎項目評価書 beside a 全項目評価書 goes by
    its own row. A first assessment is `REASSESS`. Where the course is not known (a version that was entered as it was
    published), what only some courses permit is for a person to decide. Raises UnknownFormError, and NotInForceError
    for a day before the first rows.
    """
    places_found, errors = _read(document)
    rows = rows_in_force(WITHHOLDING, on=on, rule="公示・公表の特例")
    faults = [f"{error.item}: {error.message}" for error in errors]
    to_be_decided: list[str] = []
    used: list[WithholdingRow] = []
    for place in places_found:
        fitting = [row for row in rows if _fits(row, document, place, body_kind, course)]
        used += fitting
        permissions = {row.permission for row in fitting}
        if permissions == {Permission.REFUSED}:
            faults.append(_refused(place, fitting))
        elif permissions - {Permission.PERMITTED}:
            to_be_decided.append(_to_be_decided(place, fitting))
    if not errors and _leaves_nothing(document, places_found):
        faults.append(
            f"{RULE_10_2.article}により公表しないことができるのは、一部に限られます。公表する部分を残してください。"
        )
    provisions = tuple(dict.fromkeys(one for row in used for one in (row.clause, *row.applied_by)))
    return WithholdingVerdict(tuple(faults), tuple(to_be_decided), provisions, all(row.confirmed for row in used))


def _fits(
    row: WithholdingRow, document: Mapping[str, object], place: WithheldPlace, kind: BodyKind, course: Course | None
) -> bool:
    return (
        row.level == document["form"]
        and kind in row.body_kinds
        and (course is None or course in row.courses)
        and row.clause is CLAUSES.get(place.clause)
    )


def _refused(place: WithheldPlace, rows: list[WithholdingRow]) -> str:
    return (
        f"「{place.label}」: 初めての、又は再実施の基礎項目評価書の公表に{RULE_10_2.article}を用いることはできません"
        f"（{cited(rows[0].applied_by)}は{RULE_10_1.article}だけを準用しています）。"
        "この場所を公表するか、公表できる書き方に改めてください。"
    )


def _to_be_decided(place: WithheldPlace, rows: list[WithholdingRow]) -> str:
    return (
        f"「{place.label}」: 修正した基礎項目評価書の公表に{RULE_10_2.article}を用いることができるかは、"
        f"規定の文言だけでは定まりません（{cited(rows[-1].applied_by)}）。総括保護管理者が判断してください（要確認）。"
    )


def _leaves_nothing(document: Mapping[str, object], withheld: tuple[WithheldPlace, ...]) -> bool:
    """Say whether nothing that the document states is left, and 10条2項 is among the grounds."""
    if all(place.clause != "rule_10_2" for place in withheld):
        return False
    stated = [
        keys
        for place in places(document)
        if place.item.withholdable and (keys := keys_of(place.pointer, document)) is not None
    ]
    return all(any(place.covers(keys) for place in withheld) for keys in stated)
