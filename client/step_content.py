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
from schemas.review import Step

_WHERE = "手続の記録"


class StepContent(NamedTuple):
    """読み取った内容 (content that was read): the act's own, and the documents that are kept beside it."""

    data: dict[str, Any]
    kept: tuple[StoredDocument, ...] = ()

    @property
    def content(self) -> bytes:
        """The act's own content."""
        return json.dumps(self.data, ensure_ascii=False).encode()

    def names_step(self, step: Step) -> bool:
        """Say whether that step is recorded."""
        return self.data.get("step") == step.value

    def beside(self, title: str, document: StoredDocument) -> StepContent:
        """Give the same with one more paper, a document that is kept; one of that title that was named stays."""
        evidence = self.data.get("evidence") or []
        if not isinstance(evidence, list) or title in _named(evidence):
            return self
        paper = {"title": title, "sha256": document.sha256}
        return StepContent({**self.data, "evidence": [*evidence, paper]}, (*self.kept, document))


def step_content_from(content: bytes, *, papers: Mapping[str, bytes]) -> StepContent:
    """Read what a person says of a step.

    `opinions` is a list of opinion, answer and reflected; it becomes the digest of the list and two numbers. Each of
    `papers`, a file by its title, becomes evidence with its SHA-256. Raises InvalidInputError where the evidence names
    another SHA-256 than the file has, and for opinions that lack their answer.
    """
    data = object_from(content, where=_WHERE)
    kept: tuple[StoredDocument, ...] = ()
    if "opinions" in data:
        whole = json.dumps({"opinions": data.pop("opinions")}, ensure_ascii=False).encode()
        sheet = message_from(OpinionSheet, whole, where="意見の一覧")
        stored = _stored(sheet)
        kept = (stored,)
        data["hearing"] = hearing_of(sheet, digest=stored.sha256).model_dump(mode="json")
    if papers:
        data["evidence"] = _with_papers(data.get("evidence", []), papers)
    return StepContent(data, kept)


def _stored(sheet: OpinionSheet) -> StoredDocument:
    content = sheet.model_dump(mode="json")
    form, version = OPINIONS
    return StoredDocument(sha256=digest_of(content), form=form, form_version=version, content=content)


def _named(evidence: list[Any]) -> dict[Any, Any]:
    """Give the SHA-256 of each paper by its title."""
    return {one.get("title"): one.get("sha256") for one in evidence if isinstance(one, dict)}


def _with_papers(evidence: Any, papers: Mapping[str, bytes]) -> list[Any]:
    given = list(evidence) if isinstance(evidence, list) else [evidence]
    named = _named(given)
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
