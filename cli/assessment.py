"""評価書 (assessments)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.documents import compare, export
from cli.exit_status import ExitStatus
from cli.opening import File, Json, Viewer, ask, read
from cli.output import print_json, print_message, print_messages, print_table, say
from cli.takeover import take_over

if TYPE_CHECKING:
    from schemas.records import AssessmentRecord, VersionRecord

app = typer.Typer(help="評価書（登録、一覧、比較、検査）", no_args_is_help=True)

app.command("import")(take_over)
app.command("export")(export)
app.command("compare")(compare)

Name = Annotated[str, typer.Argument(metavar="ASSESSMENT", help="評価書の識別子")]


@app.command("add")
def add(file: File, *, as_json: Json = False) -> None:
    """公表中の評価書を登録する（旧様式のものは文書のSHA-256で）。"""
    content = read(file)
    record = ask(lambda minaoshi: minaoshi.assessments.add(content))
    if as_json:
        print_message(record)
    else:
        say(f"評価書 {record.assessment_id}「{record.name}」を登録しました（年次の期日 {record.yearly_due_on}）。")


@app.command("list")
def list_all(*, as_: Viewer = None, as_json: Json = False) -> None:
    """登録された評価書の一覧。"""
    records = ask(lambda minaoshi: minaoshi.assessments.list(viewer=as_))
    if as_json:
        print_messages(records)
        return
    print_table(
        ("識別子", "評価書名", "種類", "状況", "版", "公表日", "照らした日", "年次の期日"),
        (
            (
                one.assessment_id,
                one.name,
                one.effective_level.label,
                one.standing.label,
                one.version,
                one.published_on,
                one.verified_on,
                one.yearly_due_on,
            )
            for one in records
        ),
    )


@app.command("show")
def show(assessment: Name, *, as_: Viewer = None, as_json: Json = False) -> None:
    """評価書の現在の姿。"""
    record = ask(lambda minaoshi: minaoshi.assessments.show(assessment, viewer=as_))
    if as_json:
        print_message(record)
        return
    print_table(("項目", "内容"), _rows(record))


def _rows(record: AssessmentRecord) -> list[tuple[str, object]]:
    return [
        ("識別子", record.assessment_id),
        ("評価書番号", record.number),
        ("評価書名", record.name),
        ("評価実施機関", record.body),
        ("担当部署", record.department),
        ("しきい値判断の結果", record.required_level.label),
        ("実施する評価", record.effective_level.label),
        ("システム", "、".join(record.systems)),
        ("ファイル", "、".join(record.files)),
        ("版", f"第{record.version}版"),
        ("一式のSHA-256", record.digest),
        ("状況", record.standing.label),
        ("様式", _forms(record)),
        ("様式による検査", _validation(record)),
        ("公表日", record.published_on),
        ("実態と照らした日", record.verified_on),
        ("年次の期日", record.yearly_due_on),
        ("再実施の期日（5年）", record.five_years_due_on),
        ("事務をやめた日", record.ended_on),
        ("公表を続ける期日", record.published_until),
        ("備考", record.note),
    ]


def _forms(record: AssessmentRecord) -> str:
    documents = record.manifest.documents if record.manifest else ()
    return "、".join(f"{one.form} {one.form_version}" for one in documents)


def _validation(record: AssessmentRecord) -> str:
    if record.manifest is None:
        return "公表前"
    return "済み" if record.validated else "旧様式のため行っていない"


@app.command("history")
def history(assessment: Name, *, as_: Viewer = None, as_json: Json = False) -> None:
    """公表された版と、その変更箇所。"""
    versions = ask(lambda minaoshi: minaoshi.assessments.history(assessment, viewer=as_))
    if as_json:
        print_messages(versions)
        return
    for version in versions:
        _say_version(version)
    if not versions:
        say("公表された版はまだありません。")


def _say_version(version: VersionRecord) -> None:
    review = f" 見直し {version.review_id}" if version.review_id else ""
    say(f"第{version.number}版 公表 {version.published_on}{review}")
    say(f"  {version.digest}")
    for row in version.changes:
        say(f"  変更箇所 {row.item}［{row.submission_timing.label}］")
        say(f"    前: {row.before}")
        say(f"    後: {row.after}")
        say(f"    説明: {row.explanation}")


@app.command("diff")
def diff(
    assessment: Name,
    before: Annotated[int | None, typer.Option("--from", help="前の版（空なら一つ前）")] = None,
    after: Annotated[int | None, typer.Option("--to", help="後の版（空なら現在の版）")] = None,
    *,
    as_: Viewer = None,
    as_json: Json = False,
) -> None:
    """二つの版を項目ごとに比べる。"""
    from dataclasses import asdict

    changed = ask(lambda minaoshi: minaoshi.assessments.diff(assessment, before=before, after=after, viewer=as_))
    if as_json:
        print_json([asdict(item) for item in changed])
        return
    for item in changed:
        say(f"{item.label}")
        say(f"  前: {item.before}")
        say(f"  後: {item.after}")
    if not changed:
        say("違いはありません。")


@app.command("validate")
def validate(file: File, *, as_json: Json = False) -> None:
    """文書を様式に照らし、全ての誤りと注意を示す（登録はしない）。"""
    from client.drafts import faults_of
    from schemas.forms.errors import Severity

    faults = faults_of(read(file))
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    if as_json:
        print_json({"valid": not errors, "errors": [fault.model_dump(mode="json") for fault in faults]})
    else:
        for fault in faults:
            say(f"{'✗' if fault.severity is Severity.ERROR else '△'} {fault.item}: {fault.message}")
            say(f"    {fault.path or '/'}（{fault.rule}）")
        say(f"{len(errors)}件の誤りがあります。" if errors else "誤りはありません。")
        if warnings := len(faults) - len(errors):
            say(f"{warnings}件の注意があります。")
    if errors:
        raise typer.Exit(ExitStatus.REFUSED)
