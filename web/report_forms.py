"""報告の様式 (forms of reports): what each kind of report asks for, and how what was typed becomes its content."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.gates import Gate
from schemas.levels import Level
from schemas.organisation import Department
from schemas.reports import ChangeKind, ChangeReport, EndOfBusiness, NewBusiness, RiskEvent
from web.assessment_picker import assessments_field
from web.evidence import evidence_fields, put_evidence
from web.fields import Field, Kind, content_of
from web.posted import Posted
from web.shown import title_of


@dataclass(frozen=True)
class Asked:
    """問うときに要るもの (what the questions depend on): the day, the reporter's department, and the body's."""

    today: date
    department: str
    departments: tuple[Department, ...]


@dataclass(frozen=True)
class Group:
    """項目のまとまり (group of fields); one that is `closed` is opened by whoever has more to tell."""

    title: str
    english: str
    fields: tuple[Field, ...]
    closed: bool = False
    button: str = ""


@dataclass(frozen=True)
class ReportForm:
    """報告の様式 of one kind. `slug` is its address, `verb` the method of the facade."""

    slug: str
    verb: str
    title: str
    english: str
    about: str
    lead: str
    groups: Callable[[Asked], tuple[Group, ...]]


def content_from(groups: Iterable[Group], posted: Posted) -> bytes:
    """Give the content of the report that was typed."""
    fields = [field for group in groups for field in group.fields]
    content: dict[str, Any] = json.loads(content_of(fields, posted))
    gates = content.pop("gate", {})
    if gates:
        content["gates"] = [{"gate": gate, "planned_on": day} for gate, day in gates.items()]
    named = [*content.get("items", []), *content.pop("other_items", [])]
    if named:
        content["items"] = list(dict.fromkeys(named))
    return json.dumps(put_evidence(content, posted)).encode()


ITEMS = "items"


def _departments(asked: Asked) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.name) for one in asked.departments)


def _of_change(asked: Asked) -> tuple[Group, ...]:
    def named(name: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
        return Field(name, title_of(ChangeReport, name), kind, **more)

    return (
        Group(
            "どの評価書の、何が変わるか",
            "What changes",
            (
                assessments_field(required=True),
                named("kind", Kind.CHOICE, required=True, choices=tuple((one.value, one.label) for one in ChangeKind)),
                named("title", Kind.LINE, required=True, help="一行で。見直しの一覧に、この名で並びます。"),
                named("facts", required=True, help="何が、なぜ、どう変わるか。"),
            ),
        ),
        Group(
            "いつ",
            "When",
            (
                named("known_on", Kind.DAY, required=True, value=asked.today.isoformat()),
                named("takes_effect_on", Kind.DAY, help="未定なら空のままにしてください。"),
            ),
        ),
        Group(
            "変わると思われる項目",
            "Items that change",
            (
                Field(
                    ITEMS,
                    "別表の項目",
                    Kind.CHOICES,
                    help="重要な変更になり得る項目です。分からなければ選ばないでください。",
                ),
                Field("other_items", "その他の項目", Kind.LINES, help="一行に一つ書いてください。例: 様式2 Ⅰ1③"),
            ),
            closed=True,
        ),
        Group(
            "その他",
            "More",
            (
                named("system", Kind.LINE),
                named("file", Kind.LINE),
                named("data_subjects", Kind.NUMBER, help="人数の増減のときだけ書いてください。"),
                named("handlers", Kind.NUMBER, help="人数の増減のときだけ書いてください。"),
                named(
                    "emergency",
                    help="災害その他やむを得ない事由により、緊急に実施する必要があるときだけ書いてください（規則第9条第2項）。",
                ),
                *evidence_fields(),
            ),
            closed=True,
        ),
    )


def _of_risk(asked: Asked) -> tuple[Group, ...]:
    def named(name: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
        return Field(name, title_of(RiskEvent, name), kind, **more)

    return (
        Group(
            "まず、これだけ",
            "These two are enough",
            (
                named("title", Kind.LINE, required=True, help="一行で。例: 別人の書類を渡した"),
                named(
                    "facts",
                    required=True,
                    help="分かっていることだけでかまいません。確かめるのは後で、まず知らせてください。",
                ),
            ),
            button="これだけで報告する",
        ),
        Group(
            "分かっていることを加える（空のままは「分からない」）",
            "What else is known",
            (
                named("known_on", Kind.DAY, help="自分より先に知った部署があれば、その日です。空なら今日とします。"),
                named(
                    "known_by_department",
                    Kind.CHOICE,
                    choices=_departments(asked),
                    help="選ばなければ、自分の部署とします。",
                ),
                named("happened_on", Kind.DAY),
                named("persons_affected", Kind.NUMBER),
                named("persons_feared", Kind.NUMBER, help="漏えい等のおそれのある人を含む、最大の数です。"),
                named("intentional", Kind.YES_NO),
                named("cause"),
                named("system", Kind.LINE),
                named("file", Kind.LINE),
                assessments_field(),
                named("share_with_minister", Kind.CHECK),
                *evidence_fields(),
            ),
            closed=True,
            button="加えて報告する",
        ),
    )


def _of_new_business(asked: Asked) -> tuple[Group, ...]:
    def named(name: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
        return Field(name, title_of(NewBusiness, name), kind, **more)

    levels = tuple((one.value, one.label) for one in Level if one is not Level.NOT_REQUIRED)
    return (
        Group(
            "どんな事務か",
            "The business",
            (
                named("name", Kind.LINE, required=True),
                named("number", Kind.LINE, required=True),
                named("assessment_id", Kind.LINE, required=True, help="英小文字、数字、点、ハイフンで。例: nenkin-13"),
                named("department", Kind.CHOICE, choices=_departments(asked), required=True, value=asked.department),
                named("title", Kind.LINE, required=True, help="一行で。例: 国民年金に関する事務の開始"),
                named("facts", required=True),
                named("known_on", Kind.DAY, required=True, value=asked.today.isoformat()),
            ),
        ),
        Group(
            "評価の種類を決める数",
            "What the level follows from",
            (
                named("data_subjects", Kind.NUMBER, required=True, help="見込みの数です。"),
                named("handlers", Kind.NUMBER, required=True, help="見込みの数です。"),
                named("serious_incident", Kind.YES_NO, required=True),
                named("voluntary_level", Kind.CHOICE, choices=(*levels, ("", "任意には実施しない"))),
            ),
        ),
        Group(
            "予定と、システム・ファイル",
            "Plans, systems and files",
            (
                *(Field(f"gate.{one.value}", f"{one.label}（予定日）", Kind.DAY) for one in Gate),
                named("systems", Kind.LINES, help="一行に一つ書いてください。"),
                named("files", Kind.LINES, help="一行に一つ書いてください。"),
                *evidence_fields(),
            ),
        ),
    )


def _of_end(asked: Asked) -> tuple[Group, ...]:
    def named(name: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
        return Field(name, title_of(EndOfBusiness, name), kind, **more)

    return (
        Group(
            "どの評価書の事務か",
            "Which business",
            (
                assessments_field(required=True),
                named("title", Kind.LINE, required=True),
                named("facts", required=True),
                named("ended_on", Kind.DAY, required=True),
                named("known_on", Kind.DAY, required=True, value=asked.today.isoformat()),
                *evidence_fields(),
            ),
        ),
    )


FORMS = {
    one.slug: one
    for one in (
        ReportForm(
            "risk",
            "risk",
            "リスク事案を報告する",
            "Report a risk event",
            "漏えい、紛失、誤登録、誤交付など。おそれでも、分からないことが多くても、まず知らせてください。一分で済みます。",
            "件名と、何が起きたかだけで報告できます。報告すると、定められた人に直ちに知らされます。",
            _of_risk,
        ),
        ReportForm(
            "change",
            "change",
            "環境の変化を報告する",
            "Report a change",
            "事務、システム、委託、保管場所、リスク対策、法令などが変わる、又は変わったとき。",
            "報告すると、選んだ評価書の見直しが開き（開いていれば加わり）、担当部署と対策チームに知らされます。",
            _of_change,
        ),
        ReportForm(
            "new-business",
            "new_business",
            "新たな事務を報告する",
            "Report a new business",
            "特定個人情報ファイルを新たに保有する事務を始めるとき。しきい値判断を行い、新規の評価を始めます。",
            "報告すると、しきい値判断により評価の種類が決まり、新規の評価が始まります。",
            _of_new_business,
        ),
        ReportForm(
            "end-of-business",
            "end_of_business",
            "事務の終了を報告する",
            "Report the end of a business",
            "評価書の事務の実施をやめたとき。",
            "報告すると、事務の終了の手続が始まります。",
            _of_end,
        ),
    )
}
"""報告の種類: every kind of report, the most urgent first."""
