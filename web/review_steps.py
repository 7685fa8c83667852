"""手続の記録の様式 (forms of steps): what each step asks for, and how what was typed becomes its content."""

import json
from typing import Any

from client.errors import InvalidInputError
from client.procedure_view import StepView
from schemas.review import Step
from web.fields import Field, Kind, content_of
from web.posted import Posted
from web.rows import SPARE, Rows, compacted, filled, place, texts

_PAPERS = ("evidence", ("title", "file", "sha256"))
_OPINIONS = ("opinions", ("opinion", "answer", "reflected"))
_CONDITIONS = ("judgement.conditions", ("",))
_JUDGED = (Step.THIRD_PARTY_CHECK, Step.COMMISSION_APPROVAL)

_FEW = 2


def step_of(posted: Posted | None, following: Step | None) -> Step | None:
    """Give the step that a form is of: the one that it was opened for, else the next one."""
    named = posted.text("step") if posted else ""
    return Step(named) if named in list(Step) else following


def tidied(posted: Posted) -> Posted:
    """Give what was typed with the empty rows left out."""
    for prefix, columns in (_PAPERS, _OPINIONS, _CONDITIONS):
        posted = compacted(posted, prefix, columns)
    return posted


def blocks_of(step: Step, view: StepView | None, posted: Posted | None, *, today: str) -> tuple[Field | Rows, ...]:
    """Give what the form of a step asks for."""
    first = (
        Field("step", "手続", Kind.GIVEN, value=step.value),
        Field("done_on", "実施日", Kind.DAY, required=True, value=today),
    )
    note = Field("note", "備考", help="承認の前に行った手続であるときは、その経緯を書きます。")
    return (*first, *_own(step, posted), _papers(view, posted), note)


def _own(step: Step, posted: Posted | None) -> tuple[Field | Rows, ...]:
    if step is Step.PUBLIC_NOTICE:
        return (
            Field("notice.method", "公示の方法", Kind.LINE, required=True, help="例: ウェブサイトへの掲載"),
            Field("notice.until_on", "意見聴取の終了日", Kind.DAY, required=True),
            Field("notice.shortened_reason", "期間を短縮する特段の理由", help="30日より短くするときだけ書きます。"),
        )
    if step is Step.PUBLIC_COMMENT:
        return (_opinions(posted),)
    if step in _JUDGED:
        revised = Field("judgement.requires_revision", "評価書の改訂を要する", Kind.CHECK)
        return (_conditions(posted), revised)
    return ()


def _opinions(posted: Posted | None) -> Rows:
    def row(number: int) -> tuple[Field, ...]:
        return (
            Field(place("opinions", number, "opinion"), "意見の内容"),
            Field(place("opinions", number, "answer"), "意見に対する考え方"),
            Field(place("opinions", number, "reflected"), "評価書に反映する", Kind.CHECK),
        )

    count = filled(posted, *_OPINIONS) + SPARE
    words = "寄せられた意見と、それに対する考え方です。意見がなかったときは空のままにします。"
    return Rows("寄せられた意見", "意見", tuple(row(number) for number in range(count)), help=words)


def _conditions(posted: Posted | None) -> Rows:
    count = filled(posted, *_CONDITIONS) + SPARE
    rows = tuple((Field(place("judgement.conditions", n, ""), "条件又は意見"),) for n in range(count))
    return Rows("付された条件又は意見", "条件又は意見", rows, help="なかったときは空のままにします。")


def _papers(view: StepView | None, posted: Posted | None) -> Rows:
    paper = view.paper if view else None

    def row(number: int) -> tuple[Field, ...]:
        return (
            Field(place("evidence", number, "title"), "資料の名称", Kind.LINE, help=_unnamed(paper, number)),
            Field(place("evidence", number, "file"), "資料のファイル", Kind.FILE),
            Field(
                place("evidence", number, "sha256"),
                "資料のSHA-256",
                Kind.LINE,
                help="ファイルを選ばず、値が分かっているときだけ書きます。",
            ),
        )

    asked = f"{paper}を付けます{'（なければ記録できません）' if view and view.paper_needed else ''}。" if paper else ""
    words = f"{asked}ファイルからSHA-256を計算して記録します。ファイルそのものは部署で保管してください。"
    count = filled(posted, *_PAPERS) + _FEW
    return Rows("根拠資料", "資料", tuple(row(number) for number in range(count)), help=words)


def _unnamed(paper: str | None, number: int) -> str:
    return f"書かないときは「{paper}」とします。" if paper and number == 0 else "書かないときはファイルの名とします。"


def step_content(step: Step, posted: Posted, *, paper: str | None) -> tuple[bytes, dict[str, bytes]]:
    """Give the content of the record, and its papers by their titles; raises InvalidInputError."""
    flat = [one for one in blocks_of(step, None, posted, today="") if isinstance(one, Field)]
    content: dict[str, Any] = json.loads(content_of(flat, posted))
    if step is Step.PUBLIC_COMMENT:
        content["opinions"] = [
            {**said, "reflected": said.get("reflected") == "yes"} for said in texts(posted, *_OPINIONS)
        ]
    if step in _JUDGED:
        conditions = [said[""] for said in texts(posted, *_CONDITIONS)]
        content["judgement"] = {**content.get("judgement", {}), "conditions": conditions}
    evidence, papers = _evidence(posted, paper)
    return json.dumps({**content, "evidence": evidence}).encode(), papers


def _evidence(posted: Posted, paper: str | None) -> tuple[list[dict[str, str]], dict[str, bytes]]:
    named: list[dict[str, str]] = []
    papers: dict[str, bytes] = {}
    for number, said in enumerate(texts(posted, *_PAPERS)):
        files = posted.files.get(place("evidence", number, "file"), [])
        title = said.get("title") or (paper if number == 0 and paper else files[0][0] if files else "")
        if title in papers:
            raise _twice(number, title)
        if files:
            papers[title] = files[0][1]
        if "sha256" in said or not files:
            named.append({"title": title, **({"sha256": said["sha256"]} if "sha256" in said else {})})
    return named, papers


def _twice(number: int, title: str) -> InvalidInputError:
    where = place("evidence", number, "title")
    message = f"資料「{title}」が二つあります。"
    return InvalidInputError(message, where="根拠資料", remedy="資料ごとに名称を変えてください。", at={where: message})
