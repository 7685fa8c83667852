"""未確認の一覧 (what is not confirmed): every row, clause and form item that nobody has held against its source."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from docs.rule_uses import ModuleOfRules, Rule
from guideline.gates import Exceptional
from guideline.provisions import Provision, cited
from schemas.forms.catalogue import items, known_forms
from schemas.forms.wording import japanese_day
from schemas.organisation import BodyKind

# A field that is not here stands under its name in the code.
FIELDS = MappingProxyType(
    {
        "at_least": "以上",
        "body_kinds": "機関",
        "business_days": "開庁日数",
        "conditions": "要件",
        "course": "対応",
        "era_label": "版",
        "exception": "例外",
        "field": "事実",
        "form": "様式",
        "from_days": "日目から",
        "gate": "関門",
        "id": "符号",
        "improper": "不正の目的",
        "improper_days": "不正の目的のとき日目まで",
        "kind": "種類",
        "law": "法令",
        "level": "評価",
        "more_persons_than": "超える人数",
        "name": "名称",
        "of": "除かれる事象",
        "order": "順",
        "published": "公表まで要する",
        "scope": "範囲",
        "state": "要否",
        "step": "手続",
        "to_days": "日目まで",
        "version": "版の番号",
        "years": "年数",
    }
)
# What has a `label` says it itself.
WORDS: Mapping[object, str] = MappingProxyType(
    {
        BodyKind.LOCAL_GOVERNMENT: "地方公共団体等",
        BodyKind.ADMINISTRATIVE_BODY: "行政機関等",
        Exceptional.REASON: "理由を記す",
        Exceptional.EMERGENCY: "緊急のとき",
        Exceptional.NEVER: "なし",
        None: "なし",
    }
)
_SAYS_IT = ("sentence", "label", "title")
_TOLD_ELSEWHERE = {"in_force_on", "confirmed", *_SAYS_IT}


@dataclass(frozen=True)
class FormItems:
    """様式の項目 (items of one form): how many there are, and the numbers of those that are not confirmed."""

    title: str
    era_label: str
    total: int
    unconfirmed: tuple[str, ...]


class Found(NamedTuple):
    """未確認の行 (row found), and the name of the table in which it stands."""

    table: str
    row: Any


def count_items() -> tuple[FormItems, ...]:
    """Count the items of every known form."""
    return tuple(
        FormItems(
            form.title,
            form.era_label,
            len(items(form.name, form.version)),
            tuple(item.number for item in items(form.name, form.version) if not item.confirmed),
        )
        for form in known_forms()
    )


def find_rows(values: Mapping[str, object]) -> tuple[Found, ...]:
    """Give the rows that are not confirmed, of every table and single row of a module."""
    return tuple(Found(name, row) for name, value in values.items() for row in _rows(value) if row.confirmed is False)


def _rows(value: object) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for one in value:
            yield from _rows(one)
    elif is_dataclass(value) and not isinstance(value, type | Provision) and hasattr(value, "confirmed"):
        yield value


def write_unconfirmed(
    *,
    provisions: Mapping[str, Provision],
    users: Mapping[str, tuple[Rule, ...]],
    modules: Mapping[str, ModuleOfRules],
    tables: Mapping[str, Mapping[str, object]],
    forms: tuple[FormItems, ...],
) -> str:
    """Write the page that a lawyer goes through."""
    lines = [
        "# 未確認の一覧",
        "",
        "原文で確かめていないと印を付けた定め（`confirmed=False`）を、すべて並べたページです。",
        "法律の専門家が上から順に原文と比べ、正しいか、どう直すかを言うために使います。",
        "ここにある定めによる結論は、確かめられるまで「要確認」として扱ってください。",
        "",
        "`python docs/generate.py` が作るページです。手で直さないでください。",
        "確かめた後の直し方は [CONTRIBUTING.md](../CONTRIBUTING.md) にあります。",
        "条項ごとの規則とテストは[対応表](guideline-map.md)にあります。",
        "",
        "## 条項",
        "",
        *_provisions(provisions, users),
        "",
        "## 表の行",
        *(line for module, values in tables.items() for line in _tables(module, values)),
        "",
        "## 事実によって要確認となる判断",
        "",
        "表の行ではなく、関数が事実を見て、結論を要確認とすることがあるものです。",
        "",
        *_judgements(modules),
        "",
        "## 様式の項目",
        "",
        *_forms(forms),
    ]
    return "\n".join(lines) + "\n"


def _provisions(provisions: Mapping[str, Provision], users: Mapping[str, tuple[Rule, ...]]) -> Iterator[str]:
    yield "原文を読めていない条項です。これを引く規則は、印のない行でも、この条項の分は確かめられていません。"
    yield from ("", "| 条項 | 法令等 | 引いている規則 |", "|---|---|---|")
    for constant, one in provisions.items():
        if not one.confirmed:
            law = f"[{one.law}]({one.address})" if one.address else one.law
            rules = "<br>".join(f"{_link(rule.module)} `{rule.name}`" for rule in users[constant])
            yield f"| {one.article}<br>`{constant}` | {law} | {rules or 'なし'} |"


def _tables(module: str, values: Mapping[str, object]) -> Iterator[str]:
    found = find_rows(values)
    for table in dict.fromkeys(one.table for one in found):
        rows = [one.row for one in found if one.table == table]
        kind = (inspect.getdoc(type(rows[0])) or "").partition(" (")[0]
        yield from ("", f"### {kind}（{len(rows)}行）", "", f"{_link(module)} `{table}`", "")
        yield from ("| 定め | 適用の始まり | 根拠 |", "|---|---|---|")
        yield from (_row(row) for row in rows)


def _row(row: Any) -> str:
    given = {field.name: getattr(row, field.name) for field in fields(row)}
    clauses = tuple(one for value in given.values() for one in _clauses(value))
    says = next((given[name] for name in _SAYS_IT if name in given), None)
    facts = "、".join(
        f"{FIELDS.get(name, f'`{name}`')}: {_word(value)}"
        for name, value in given.items()
        if name not in _TOLD_ELSEWHERE and not _clauses(value) and value != ()
    )
    why = "".join(reason for reason in getattr(row, "reasons", ()) if "要確認" in reason)
    told = "<br>".join(part for part in (says and f"{says}。", facts, why) if part)
    since = given.get("in_force_on")
    day = japanese_day(since) if isinstance(since, date) else "―"
    return f"| {told} | {day} | {cited(clauses) or '―'} |".replace("\n", " ")


def _clauses(value: object) -> tuple[Provision, ...]:
    given = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in given if isinstance(one, Provision))


def _word(value: object) -> str:
    if isinstance(value, tuple | frozenset):
        return "・".join(_word(one) for one in value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return japanese_day(value)
    label = getattr(value, "label", None) if isinstance(value, Enum) else WORDS.get(value)
    return str(label or WORDS.get(value, value))


def _judgements(modules: Mapping[str, ModuleOfRules]) -> Iterator[str]:
    yield from ("| 判断 | 要確認とするときの文 |", "|---|---|")
    for module, read in modules.items():
        for name in read.unsure:
            doubts = [text for text in read.texts[name] if "要確認" in text]
            public = "、".join(f"`{one}`" for one in read.public(name))
            yield f"| {_link(module)} {public} | {'<br>'.join(doubts) or '―'} |"


def _forms(forms: tuple[FormItems, ...]) -> Iterator[str]:
    yield "番号、名称又は選択肢を原本の様式で確かめていない項目です（様式のファイルの `x-confirmed`）。"
    yield from ("", "| 様式 | 項目の数 | 未確認の数 | 未確認の項目の番号 |", "|---|---|---|---|")
    for form in forms:
        numbers = "、".join(dict.fromkeys(form.unconfirmed)) or "なし"
        yield f"| {form.title}（{form.era_label}） | {form.total} | {len(form.unconfirmed)} | {numbers} |"


def _link(module: str) -> str:
    return f"[{module}](../guideline/{module}.py)"
