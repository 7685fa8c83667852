"""保存期間 (retention): two persons decide until when documents are kept; nothing is deleted by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.organisation import holders
from schemas.organisation import Role

if TYPE_CHECKING:
    from schemas.organisation import Organisation

DECIDING = (Role.CHIEF_PRIVACY_OFFICER, Role.DIRECTOR_GENERAL, Role.TEAM_MEMBER)
"""決める役割: of the body as a whole; whoever audits decides nothing."""


def may_decide_retention(organisation: Organisation, person: str, *, body: str) -> bool:
    """Say whether a person may propose or confirm until when the documents of a body are kept."""
    return person not in holders(organisation, Role.AUDITOR, body=body) and any(
        person in holders(organisation, role, body=body) for role in DECIDING
    )
