"""実施手続 (procedure): the commands of a review that record its steps and gates."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.content import Evidence, FileOption, Reason, content_of, evidence_of, json_from, pair_of
from cli.opening import ActId, As, Json, ask, read
from cli.review import Review, tell
from cli.review import app as review_app


@review_app.command("step")
def step(  # one option for each thing that a step tells
    review: Review,
    *,
    as_: As,
    which: Annotated[
        str | None,
        typer.Option(
            "--step",
            help="public_notice（公示）/ public_comment（意見聴取）/ third_party_check（第三者点検）/ "
            "submission（提出）/ commission_approval（委員会の承認）/ publication（公表）など",
        ),
    ] = None,
    done_on: Annotated[str | None, typer.Option("--done-on", metavar="DATE", help="実施日（例 2026-06-01）")] = None,
    evidence: Evidence = None,
    paper: Annotated[
        list[str] | None,
        typer.Option("--paper", metavar="名称=FILE", help="根拠資料のファイル。SHA-256を計り --evidence と照らす"),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="備考")] = None,
    method: Annotated[str | None, typer.Option("--method", help="公示の方法（公示のとき）")] = None,
    until_on: Annotated[
        str | None, typer.Option("--until-on", metavar="DATE", help="意見聴取の終了日（公示のとき）")
    ] = None,
    shortened_reason: Annotated[
        str | None, typer.Option("--shortened-reason", help="意見聴取の期間を短縮する特段の理由（公示のとき）")
    ] = None,
    opinions: Annotated[
        str | None,
        typer.Option("--opinions", metavar="FILE", help="意見・考え方・反映の有無の JSON 配列（なければ []）"),
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option("--condition", help="付された条件又は意見（点検、承認のとき。繰り返せる）")
    ] = None,
    requires_revision: Annotated[
        bool | None, typer.Option("--requires-revision", help="条件又は意見により、評価書の改訂を要する")
    ] = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """済んだ手続を記録する（だれが記録するかは手続ごとに `review show` に示される）。"""
    judged = {"conditions": condition or None, "requires_revision": requires_revision}
    noticed = {"method": method, "until_on": until_on, "shortened_reason": shortened_reason}
    content = content_of(
        file,
        step=which,
        done_on=done_on,
        evidence=evidence_of(evidence),
        note=note,
        notice=_without_nothing(noticed),
        judgement=_without_nothing(judged),
        opinions=json_from(opinions) if opinions else None,
    )
    papers = {title: read(path) for title, path in (pair_of(one, "名称=FILE") for one in paper or [])}
    receipt = ask(lambda minaoshi: minaoshi.reviews.record_step(review, content, as_=as_, papers=papers, act_id=act_id))
    tell(receipt, as_json=as_json)


def _without_nothing(said: dict[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in said.items() if value is not None} or None


@review_app.command("revise")
def revise(
    review: Review,
    *,
    as_: As,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """意見や条件を受けて、起案に戻す（保護管理者、対策チーム）。"""
    content = content_of(file, reason=reason)
    tell(ask(lambda minaoshi: minaoshi.reviews.revise(review, content, as_=as_, act_id=act_id)), as_json=as_json)


@review_app.command("pass-gate")
def pass_gate(
    review: Review,
    *,
    as_: As,
    gate: Annotated[
        str | None,
        typer.Option("--gate", help="requirements_end / programming_start / hold_start / network_link_start"),
    ] = None,
    passed_on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="通過した日")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="手続の前に通過する理由")] = None,
    emergency: Annotated[str | None, typer.Option("--emergency", help="規則第9条第2項に当たる事由")] = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """新たな事務が関門（要件定義の終了、保有の開始など）を通過したことを記録する（担当部署）。"""
    content = content_of(file, gate=gate, passed_on=passed_on, reason=reason, emergency=emergency)
    tell(ask(lambda minaoshi: minaoshi.reviews.pass_gate(review, content, as_=as_, act_id=act_id)), as_json=as_json)


__all__ = ["review_app"]
