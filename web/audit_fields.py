"""点検、監査、ログ分析の項目 (fields of audits): one group for each question of the duty, and what a CSV fills in."""

from collections.abc import Iterator
from typing import Any

from client.input import object_from
from client.log_summaries import summary_from
from guideline.audit_checks import audit_of, inspection_of
from schemas.audit_papers import Grade
from schemas.duties import DutyKind, DutyState
from web.duty_fields import PAPER_FIELDS, by_file
from web.fields import Field, Kind
from web.posted import Posted

_GRADES = tuple((one.value, one.label) for one in Grade)
_ROWS = {"answers": "question", "findings": "item"}
"""行ごとの項目: the list of rows in a paper, and what names each row."""


def paper_fields(state: DutyState, *, assessments: tuple[tuple[str, str], ...] = ()) -> tuple[Field, ...]:
    """Give what is asked for when a duty is handed in: of an inspection and an audit, question by question.

    `assessments` are those of the department that is audited, of which a finding may ask for the review.
    """
    if state.kind is DutyKind.INSPECTION:
        return tuple(_of_questions(inspection_of(state.content).questions))
    if state.kind is DutyKind.AUDIT:
        return (
            *_of_items(audit_of(state.content).checklist, assessments),
            Field("paper.conclusion", "結論", required=True),
        )
    return PAPER_FIELDS.get(state.kind) or by_file("paper", "提出物")


def _of_questions(questions: tuple[str, ...]) -> Iterator[Field]:
    answers = (("yes", "適合している"), ("no", "適合していない"))
    for number, question in enumerate(questions):
        place = f"paper.answers.{number}"
        yield Field(f"{place}.question", question, Kind.GIVEN, value=f"「{question}」")
        yield Field(f"{place}.conforms", question, Kind.CHOICE, choices=answers, required=True)
        yield Field(f"{place}.state", f"{question}: 実態", required=True)


def _of_items(items: tuple[str, ...], assessments: tuple[tuple[str, str], ...]) -> Iterator[Field]:
    for number, item in enumerate(items):
        place = f"paper.findings.{number}"
        yield Field(f"{place}.item", item, Kind.GIVEN, value=f"「{item}」")
        yield Field(f"{place}.grade", f"{item}: 程度", Kind.CHOICE, choices=_GRADES, required=True)
        yield Field(f"{place}.text", f"{item}: 結果", required=True)
        yield Field(
            f"{place}.assessment",
            f"{item}: 見直しを要する評価書",
            Kind.CHOICE,
            choices=(("", "要しない"), *assessments),
            help="選ぶと、その評価書の見直しが始まります。",
        )


def with_file(said: dict[str, Any], posted: Posted, part: str) -> dict[str, Any]:
    """Put the JSON of a file that was chosen for a part in its place. Raises InvalidInputError where it is none."""
    files = posted.files.get(f"{part}_file")
    if files:
        return {**said, part: object_from(files[0][1], where=files[0][0])}
    return with_rows(said, posted)


def with_rows(said: dict[str, Any], posted: Posted) -> dict[str, Any]:
    """Make lists of what the fields say row by row, and put in what the CSV says where one was chosen.

    Raises InvalidInputError with every fault of the CSV.
    """
    files = posted.files.get("summary_file")
    paper = said.get("paper")
    if files:
        said = {**said, "paper": {**(paper or {}), **summary_from(files[0][1]).paper}}
    if isinstance(paper, dict):
        for rows, name in _ROWS.items():
            if isinstance(paper.get(rows), dict):
                paper[rows] = [_row(row, name) for _, row in sorted(paper[rows].items(), key=lambda one: int(one[0]))]
    return said


def _row(row: dict[str, Any], name: str) -> dict[str, Any]:
    row[name] = str(row.get(name, "")).removeprefix("「").removesuffix("」")
    if row.get("conforms") in ("yes", "no"):
        row["conforms"] = row["conforms"] == "yes"
    return row
