"""見直しの行為の様式 (forms of the acts of a review): what each act asks for, and what was read beside it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from client.review_detail import ReviewDetail
from schemas.acts import ActKind, Ruling
from schemas.courses import Course
from schemas.gates import Gate
from web.fields import Field, Kind, content_of
from web.posted import Posted
from web.rows import SPARE, Rows, filled, place, texts

COMMENTS = ("comments", ("item", "text"))
GROUNDS_READ = "grounds_read"
"""How many grounds the page showed: what has joined since was not read."""

EXPLANATIONS = ("explanations", ("item", "text"))


@dataclass(frozen=True)
class Words:
    """行為の言葉: its title, what follows from it, and its button."""

    title: str
    english: str
    lead: str
    button: str


WORDS: Mapping[ActKind, Words] = MappingProxyType(
    {
        ActKind.ACKNOWLEDGE: Words(
            "受領を確認する",
            "Acknowledge",
            "事由を読んだことを記録します。検討は、確認を待たずに進みます。",
            "受領を確認する",
        ),
        ActKind.FIND: Words(
            "検討結果を示す",
            "Give a finding",
            "示した検討結果は、もう一方が示すまで伏せられます。両者が同じ結論であれば、次の段階に進みます。",
            "検討結果を示す",
        ),
        ActKind.RESOLVE: Words(
            "両者の結論が異なるため、決定する",
            "Resolve",
            "両者の検討結果を読み比べ、とるべき対応を決めます。",
            "決定する",
        ),
        ActKind.SUBMIT: Words(
            "案を提出する",
            "Submit a draft",
            "文書は様式に照らして検査されます。渡さない様式は、今の案又は公表中のままです。",
            "提出する",
        ),
        ActKind.APPROVE: Words(
            "案を承認する",
            "Approve",
            "下に示す案を、この内容のまま承認します。両者が承認すると、実施手続に進みます。",
            "この案を承認する",
        ),
        ActKind.RETURN: Words(
            "案を差し戻す",
            "Return",
            "項目ごとに指摘を書きます。案は起案に戻り、与えられた承認は失効します。",
            "差し戻す",
        ),
        ActKind.DISPUTE: Words(
            "案に異議を申し出る", "Dispute", "総括保護管理者の裁定を待つことになります。", "異議を申し出る"
        ),
        ActKind.RECORD_STEP: Words(
            "手続を記録する", "Record a step", "行った手続を、その資料とともに記録します。", "記録する"
        ),
        ActKind.REVISE: Words(
            "意見・条件を受けて案を改める",
            "Revise",
            "起案に戻ります。改めて行うことを要しない手続の記録は残ります。",
            "起案に戻す",
        ),
        ActKind.RECALL: Words(
            "見直しを呼び戻す", "Recall", "提出の前に、両者の検討に戻します。記録は全て残ります。", "呼び戻す"
        ),
        ActKind.CONSENT: Words(
            "取下げに同意するか示す",
            "Consent to a withdrawal",
            "同意しないときは、総括保護管理者が裁定します。",
            "示す",
        ),
        ActKind.SETTLE: Words(
            "裁定する", "Settle", "同意されない取下げ、又は案への異議について裁定します。", "裁定する"
        ),
        ActKind.WITHDRAW: Words(
            "事由の取下げを申し出る",
            "Withdraw a ground",
            "誤って報告した事由を取り下げます。もう一方の当事者の同意を要します。",
            "取下げを申し出る",
        ),
        ActKind.PASS_GATE: Words(
            "関門の通過を記録する",
            "Pass a gate",
            "要る手続の前に通過するときは、理由又は規則第9条第2項に当たる事由を書きます。",
            "記録する",
        ),
        ActKind.HAND_OVER: Words(
            "所管を替える", "Hand over", "評価書と開いている見直しを、別の部署の担当に移します。", "所管を替える"
        ),
    }
)
"""行為の言葉, by the act."""

_REASON = Field("reason", "理由", required=True)


def blocks_of(kind: ActKind, detail: ReviewDetail, posted: Posted | None) -> tuple[Field | Rows, ...]:
    """Give what the form of an act asks for; what was read goes along hidden."""
    own = _BLOCKS.get(kind)
    return own(detail, posted) if own else (_REASON,)


def content_from(kind: ActKind, blocks: tuple[Field | Rows, ...], posted: Posted) -> bytes:
    """Give what was typed as the content of the act."""
    content: dict[str, Any] = json.loads(content_of([one for one in blocks if isinstance(one, Field)], posted))
    if kind is ActKind.RETURN:
        content["comments"] = texts(posted, *COMMENTS)
    if "agrees" in content:
        content["agrees"] = content["agrees"] == "yes"
    return json.dumps(content).encode()


def given(name: str, title: str, value: object) -> Field:
    """Make a field that only carries along what the page has shown."""
    return Field(name, title, Kind.GIVEN, value=str(value))


def finding_fields(detail: ReviewDetail) -> tuple[Field, ...]:
    """Give what every finding says."""
    return (
        given("facts_revision", "検討した事実の版", detail.view.state.facts_revision),
        Field("course", "結論", Kind.CHOICE, choices=_courses(detail, ActKind.FIND), required=True),
        _REASON,
        Field("items", "変える項目", Kind.LINES, help="一行に一つ書きます。例: Ⅰ7 評価実施機関における担当部署"),
        Field(
            "risk_not_moved",
            "リスクを相当程度変動させないとする理由",
            help="規則が求める対応より軽い結論とするときだけ書きます。もう一方も同じ理由を示すことを要します。",
        ),
        Field(
            "formal_only",
            "誤字脱字等の形式的な修正にとどまるとする理由",
            help="再実施を要する項目の形式的な修正を「修正」とするときだけ書きます。",
        ),
    )


def _acknowledge(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    return (given(GROUNDS_READ, "読んだ事由の数", len(detail.grounds)),)


def _find(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    return finding_fields(detail)


def _resolve(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    return (
        given("facts_revision", "決定の基礎とした事実の版", detail.view.state.facts_revision),
        Field("course", "決定", Kind.CHOICE, choices=_courses(detail, ActKind.RESOLVE), required=True),
        _REASON,
    )


def _courses(detail: ReviewDetail, kind: ActKind) -> tuple[tuple[str, str], ...]:
    offer = detail.offered(kind)
    open_to_it = offer.choices if offer else tuple(Course)
    return tuple((one, Course(one).label) for one in open_to_it)


def _submit(detail: ReviewDetail, posted: Posted | None) -> tuple[Field | Rows, ...]:
    files = tuple(
        Field(f"document.{form}", f"{title}の文書（JSON）", Kind.FILE, help="変えない様式は選びません。")
        for form, title in detail.forms
    )

    def row(number: int) -> tuple[Field, ...]:
        return (
            Field(place("explanations", number, "item"), "項目", Kind.LINE),
            Field(place("explanations", number, "text"), "説明"),
        )

    rows = tuple(row(number) for number in range(filled(posted, *EXPLANATIONS) + SPARE))
    words = "変更箇所の表の「提出時期に係る説明」です。書かない項目には決まった説明が入ります。"
    return (*files, Rows("提出時期に係る説明", "説明", rows, help=words))


def _draft(detail: ReviewDetail) -> tuple[Field, ...]:
    draft = detail.draft
    return (
        given("digest", "評価書一式のSHA-256", draft.digest if draft else ""),
        given("revision", "案の版", draft.revision if draft else ""),
    )


def _approve(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    return (*_draft(detail), given("facts_revision", "事実の版", detail.view.state.facts_revision))


def _return(detail: ReviewDetail, posted: Posted | None) -> tuple[Field | Rows, ...]:
    labels = [label for one in (detail.draft.documents if detail.draft else ()) for label in one.items]
    items = tuple((one, one) for one in (*labels, "全般"))

    def row(number: int) -> tuple[Field, ...]:
        return (
            Field(place("comments", number, "item"), "項目", Kind.CHOICE, choices=items),
            Field(place("comments", number, "text"), "指摘"),
        )

    rows = tuple(row(number) for number in range(filled(posted, *COMMENTS) + SPARE))
    return (*_draft(detail), Rows("項目ごとの指摘", "指摘", rows, help="使わない欄は空のままにします。"))


def _consent(_detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    choices = (("yes", "同意する"), ("no", "同意しない"))
    return (Field("agrees", "取下げ", Kind.CHOICE, choices=choices, required=True), _REASON)


def _settle(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    offer = detail.offered(ActKind.SETTLE)
    rulings = tuple((one, Ruling(one).label) for one in (offer.choices if offer else tuple(Ruling)))
    why = Field("reason", "理由又は指示", required=True)
    return (Field("ruling", "裁定", Kind.CHOICE, choices=rulings, required=True), why)


def _withdraw(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    offer = detail.offered(ActKind.WITHDRAW)
    state = detail.view.state
    known = {one.ground_id: f"{one.kind.label}: {one.title}" for one in (*state.grounds, *state.held)}
    choices = tuple((one, known[one]) for one in (offer.choices if offer else known))
    return (Field("ground_id", "取り下げる事由", Kind.CHOICE, choices=choices, required=True), _REASON)


def _pass_gate(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    offer = detail.offered(ActKind.PASS_GATE)
    planned = offer.choices if offer else tuple(one.gate for one in detail.view.gates)
    return (
        Field("gate", "関門", Kind.CHOICE, choices=tuple((one, Gate(one).label) for one in planned), required=True),
        Field("passed_on", "通過した日", Kind.DAY, required=True),
        Field("reason", "手続の前に通過する理由"),
        Field("emergency", "規則第9条第2項に当たる事由（災害等と緊急の必要）"),
    )


def _hand_over(detail: ReviewDetail, _: Posted | None) -> tuple[Field | Rows, ...]:
    opening = detail.view.state.opening
    others = tuple(one for one in detail.names.departments_of(opening.body) if one[0] != opening.department)
    return (
        given("from_department", "これまでの担当部署", opening.department),
        Field("department", "新しい担当部署", Kind.CHOICE, choices=others, required=True),
        _REASON,
    )


_BLOCKS: Mapping[ActKind, Callable[[ReviewDetail, Posted | None], tuple[Field | Rows, ...]]] = MappingProxyType(
    {
        ActKind.ACKNOWLEDGE: _acknowledge,
        ActKind.FIND: _find,
        ActKind.RESOLVE: _resolve,
        ActKind.SUBMIT: _submit,
        ActKind.APPROVE: _approve,
        ActKind.RETURN: _return,
        ActKind.CONSENT: _consent,
        ActKind.SETTLE: _settle,
        ActKind.WITHDRAW: _withdraw,
        ActKind.PASS_GATE: _pass_gate,
        ActKind.HAND_OVER: _hand_over,
    }
)
"""What each act asks for; one that is not here asks for its reason alone."""
