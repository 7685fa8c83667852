"""書類 (papers): the documents that the stories hand in, with the days of the telling in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo.telling import as_json, file_of
from schemas.canonical import sha256_of

if TYPE_CHECKING:
    from datetime import date


def document(name: str) -> bytes:
    return file_of(f"documents/{name}.json")


def evidence(title: str) -> list[dict[str, str]]:
    """Give a sample of evidence: its digest is made of its title."""
    return [{"title": f"{title}（見本）", "sha256": sha256_of(title.encode())}]


def own_assessment(assessment: str, *, verified_on: date) -> bytes:
    """Give the published assessment of the accounts, as it is entered before anything happens."""
    return as_json(
        assessment_id=assessment,
        body="digital-agency",
        department="account-registration",
        number="1",
        name="公的給付支給等口座登録簿への登録等に関する事務",
        required_level="all_items",
        effective_level="all_items",
        published_on="2022-03-28",
        verified_on=verified_on.isoformat(),
        systems=["口座情報登録システム"],
        files=["公的給付支給等口座登録簿"],
        document=json.loads(document(assessment)),
        documents=[json.loads(document(f"{assessment}-all-items"))],
        note="公表日、直近に実態と照らした日、様式2と様式4の回答の一部は見本である。",
    )


def with_days(name: str, **days: date) -> bytes:
    """Give a 様式4 whose Ⅵ tells the days of this telling, each by what was done on it."""
    content = json.loads(document(name))
    for told, day in days.items():
        section, key = _PLACES[told]
        content["procedure"][section][key] = day.isoformat()
    return json.dumps(content, ensure_ascii=False).encode()


_PLACES = {
    "threshold": ("basic_items", "done_on"),
    "began": ("public_comment", "began_on"),
    "ended": ("public_comment", "ended_on"),
    "checked": ("third_party_check", "checked_on"),
    "submitted": ("commission_approval", "submitted_on"),
}
