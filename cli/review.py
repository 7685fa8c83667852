"""見直し (reviews): the acts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.content import FileOption, Reason, content_of, json_from, notes_of
from cli.opening import ActId, As, Json, Viewer, ask, read
from cli.output import print_message, print_messages, print_table, say
from cli.review_page import print_review

if TYPE_CHECKING:
    from schemas.acts import Receipt
    from schemas.checklists import ChecklistRow
    from schemas.countermeasures import CountermeasureState

app = typer.Typer(help="見直し（一覧、検討、起案、承認、手続）", no_args_is_help=True)

Review = Annotated[str, typer.Argument(metavar="REVIEW", help="見直しの番号（例 digital-agency-1/1）")]
Course = Annotated[
    str | None, typer.Option("--course", help="no_change（変更なし）/ amend（修正）/ reassess（再実施）")
]
DigestOption = Annotated[str | None, typer.Option("--digest", help="読んだ評価書一式のSHA-256（空なら現在の案）")]


@app.command("list")
def list_reviews(
    *,
    every: Annotated[bool, typer.Option("--all", help="終わったものも示す")] = False,
    as_: Viewer = None,
    as_json: Json = False,
) -> None:
    """見直しの一覧（新しい順）。"""
    scope = "all" if every else "open"
    views = ask(lambda minaoshi: minaoshi.reviews.list(scope=scope, viewer=as_))
    if as_json:
        print_messages(views)
        return
    print_table(
        ("見直し", "評価書名", "段階", "番", "期限", "事由"),
        (
            (
                view.review_id,
                view.assessment_name,
                view.state.outcome.label if view.state.outcome else view.state.stage.label,
                "・".join(party.label for party in view.waits_for),
                view.state.due_on,
                "、".join(ground.title for ground in view.state.grounds),
            )
            for view in views
        ),
    )


@app.command("show")
def show(
    review: Review,
    as_: Viewer = None,
    *,
    as_json: Json = False,
) -> None:
    """見直しがどこにあり、だれの番で、いつまでか。"""
    view = ask(lambda minaoshi: minaoshi.reviews.show(review, viewer=as_))
    if as_json:
        print_message(view)
    else:
        print_review(view)


@app.command("acknowledge")
def acknowledge(review: Review, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """事由の受領を確認する（対策チーム）。"""
    tell(ask(lambda minaoshi: minaoshi.reviews.acknowledge(review, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("find")
def find(
    review: Review,
    *,
    as_: As,
    course: Course = None,
    reason: Reason = None,
    items: Annotated[list[str] | None, typer.Option("--item", help="変える項目（繰り返せる）")] = None,
    risk_not_moved: Annotated[
        str | None, typer.Option("--risk-not-moved", help="リスクを相当程度変動させないとする理由")
    ] = None,
    formal_only: Annotated[str | None, typer.Option("--formal-only", help="形式的な修正にとどまるとする理由")] = None,
    checklist: Annotated[
        str | None, typer.Option("--checklist", metavar="FILE", help="年次の確認（項目・一致・実態の JSON 配列）")
    ] = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """検討結果を示す（保護管理者、対策チーム）。"""
    content = content_of(
        file,
        course=course,
        reason=reason,
        items=items,
        risk_not_moved=risk_not_moved,
        formal_only=formal_only,
        checklist=json_from(checklist) if checklist else None,
    )
    tell(ask(lambda minaoshi: minaoshi.reviews.find(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("checklist")
def checklist(
    review: Review,
    *,
    as_: As,
    fill: Annotated[
        bool, typer.Option("--fill", help="前回の答えを入れた JSON を出す（find --checklist に渡す）")
    ] = False,
    as_json: Json = False,
) -> None:
    """年次の確認表を、前回の答えと並べて示す。"""
    rows = ask(lambda minaoshi: minaoshi.reviews.checklist(review, as_=as_))
    if fill:
        say(json.dumps([_answer(row) for row in rows if row.mark.value != "gone"], ensure_ascii=False, indent=2))
    elif as_json:
        print_messages(rows)
    else:
        print_table(
            ("項目", "前回との違い", "前回の実態", "実施中の対応策"),
            (
                (
                    row.item,
                    row.mark.label,
                    _state_of(row),
                    " / ".join(_countermeasure(one) for one in row.countermeasures),
                )
                for row in rows
            ),
        )


def _state_of(row: ChecklistRow) -> str:
    if row.last is None:
        return ""
    return f"{row.last.answer.label}: {row.last.state}" if row.last.answer else row.last.state


def _countermeasure(one: CountermeasureState) -> str:
    return f"{one.countermeasure_id}（{one.owner}、期限 {one.due_on}、{one.status.label}）"


def _answer(row: ChecklistRow) -> dict[str, Any]:
    """Give a row to be edited: what is new must be answered, or the finding is refused.

    A countermeasure of last time is not planned a second time: where it is still open it is named.
    """
    named = row.countermeasures[0].countermeasure_id if row.countermeasures else None
    if row.last is None:
        asked = {"answer": None} if row.is_measure else {}
        return {"item": row.item, "agrees": None, "state": "", **asked}
    return {**row.last.model_dump(mode="json"), "countermeasure": None, "open_countermeasure": named}


@app.command("resolve")
def resolve(
    review: Review,
    *,
    as_: As,
    course: Course = None,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """両者の結論が異なるとき、決定する（総括保護管理者）。"""
    content = content_of(file, course=course, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.resolve(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("submit")
def submit(
    review: Review,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="案の文書（様式ごとに一つ。渡さない様式は今のまま。- は標準入力）"),
    ],
    *,
    as_: As,
    explain: Annotated[
        list[str] | None, typer.Option("--explain", metavar="項目=説明", help="提出時期に係る説明（繰り返せる）")
    ] = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """案を提出する（起案者）。文書は様式に照らして検査される。"""
    from schemas.acts import ItemNote

    documents = [read(file) for file in files]
    notes = tuple(ItemNote(**note) for note in notes_of(explain or []))
    receipt = ask(
        lambda minaoshi: minaoshi.reviews.submit(review, *documents, as_=as_, explanations=notes, act_id=act_id)
    )
    tell(receipt, as_json=as_json)


@app.command("approve")
def approve(
    review: Review, *, as_: As, digest: DigestOption = None, act_id: ActId = None, as_json: Json = False
) -> None:
    """案を承認する（保護管理者、対策チーム）。"""
    receipt = ask(lambda minaoshi: minaoshi.reviews.approve(review, as_=as_, digest=digest, act_id=act_id))
    tell(receipt, as_json=as_json)


@app.command("return")
def send_back(
    review: Review,
    *,
    as_: As,
    comment: Annotated[
        list[str] | None, typer.Option("--comment", metavar="項目=指摘", help="項目ごとの指摘（繰り返せる）")
    ] = None,
    file: FileOption = None,
    digest: DigestOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """案を差し戻す（保護管理者、対策チーム）。"""
    content = content_of(file, comments=notes_of(comment) if comment else None)
    receipt = ask(lambda minaoshi: minaoshi.reviews.send_back(review, content, as_=as_, digest=digest, act_id=act_id))
    tell(receipt, as_json=as_json)


@app.command("withdraw")
def withdraw(
    review: Review,
    *,
    as_: As,
    ground: Annotated[str | None, typer.Option("--ground", help="取り下げる事由の番号")] = None,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """誤って報告した事由の取下げを申し出る（報告した側）。もう一方の同意を要する。"""
    content = content_of(file, ground_id=ground, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.withdraw(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("consent")
def consent(
    review: Review,
    *,
    as_: As,
    agrees: Annotated[bool | None, typer.Option("--agree/--refuse", help="同意する／同意しない")] = None,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """取下げに同意するか、同意しない（もう一方の当事者）。"""
    content = content_of(file, agrees=agrees, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.consent(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("dispute")
def dispute(
    review: Review,
    *,
    as_: As,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """差し戻された後の案に異議を申し出る（保護管理者、対策チーム）。"""
    content = content_of(file, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.dispute(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("settle")
def settle(
    review: Review,
    *,
    as_: As,
    ruling: Annotated[
        str | None,
        typer.Option("--ruling", help="withdrawn / ground_stands（取下げ）、redraft / text_stands（案への異議）"),
    ] = None,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """同意されない取下げ又は案への異議を裁定する（総括保護管理者）。"""
    content = content_of(file, ruling=ruling, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.settle(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("recall")
def recall(
    review: Review,
    *,
    as_: As,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """提出の前に、見直しを両者の検討へ呼び戻す（総括保護管理者）。"""
    content = content_of(file, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.recall(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("hand-over")
def hand_over(
    review: Review,
    *,
    as_: As,
    department: Annotated[str | None, typer.Option("--to", help="新しく担当する部署の識別子")] = None,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """評価書と開いている見直しを、別の部署の担当に移す（総括保護管理者）。"""
    content = content_of(file, department=department, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.hand_over(review, content, as_=as_, act_id=act_id)), as_json=as_json)


def tell(receipt: Receipt, *, as_json: bool) -> None:
    """Say that an act was accepted, and where the review stands after it."""
    if as_json:
        print_message(receipt)
        return
    say(f"受け付けました。{receipt.review_id} の{receipt.sequence}番目の行為、段階は「{receipt.stage.label}」です。")
