"""手続の内容の読取り (step content): what a person says of a step, with its opinions and its papers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from client.errors import InvalidInputError
from client.input import message_from, object_from
from guideline.hearing import hearing_of
from schemas.canonical import digest_of, sha256_of
from schemas.procedure import OPINIONS, OpinionSheet
from schemas.records import StoredDocument

_WHERE = "手続の記録"


class StepContent(NamedTuple):
    """読み取った内容 (content that was read): the act's own, and the opinions that are kept beside it."""

    content: bytes
    sheet: StoredDocument | None


def step_content_from(content: bytes, *, papers: Mapping[str, bytes]) -> StepContent:
    """Read what a person says of a step.

    `opinions` is a list of opinion, answer and reflected; it becomes the digest of the list and two numbers. Each of
    `papers`, a file by its title, becomes evidence with its SHA-256. Raises InvalidInputError where the evidence names
    another SHA-256 than the file has, and for opinions that lack their answer.
    """
    data = object_from(content, where=_WHERE)
    stored = None
    if "opinions" in data:
        whole = json.dumps({"opinions": data.pop("opinions")}, ensure_ascii=False).encode()
        sheet = message_from(OpinionSheet, whole, where="意見の一覧")
        stored = _stored(sheet)
        data["hearing"] = hearing_of(sheet, digest=stored.sha256).model_dump(mode="json")
    if papers:
        data["evidence"] = _with_papers(data.get("evidence", []), papers)
    return StepContent(json.dumps(data, ensure_ascii=False).encode(), stored)


def _stored(sheet: OpinionSheet) -> StoredDocument:
    content = sheet.model_dump(mode="json")
    form, version = OPINIONS
    return StoredDocument(sha256=digest_of(content), form=form, form_version=version, content=content)


def _with_papers(evidence: Any, papers: Mapping[str, bytes]) -> list[Any]:
    given = list(evidence) if isinstance(evidence, list) else [evidence]
    named = {one.get("title"): one.get("sha256") for one in given if isinstance(one, dict)}
    for title, paper in papers.items():
        sha256 = sha256_of(paper)
        if title not in named:
            given.append({"title": title, "sha256": sha256})
        elif named[title] != sha256:
            raise InvalidInputError(
                f"資料「{title}」のSHA-256は {sha256} で、記された {named[title]} と異なります。",
                where="根拠資料",
                remedy="正しい資料を指定するか、SHA-256を直してください。何も記録していません。",
            )
    return given
