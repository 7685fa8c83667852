"""閲覧と引継ぎ (access): who reads the audit trail, who sees what is withheld, and who may take assessments over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.organisation import holders
from guideline.renditions import Rendition
from schemas.organisation import Role

if TYPE_CHECKING:
    from schemas.organisation import Organisation, Person

READERS_OF_THE_TRAIL = (Role.AUDITOR, Role.TEAM_MEMBER, Role.CHIEF_PRIVACY_OFFICER)
"""証跡を読む役割: those who watch over the reviews of others."""


def may_read_trail(organisation: Organisation, person: Person) -> bool:
    """Say whether the person may read the audit trail."""
    return any(person.id in holders(organisation, role, body=person.body) for role in READERS_OF_THE_TRAIL)


def may_take_over(organisation: Organisation, person: Person) -> bool:
    """Say whether the person may enter existing assessments of their own body: a member of its 対策チーム may."""
    return person.id in holders(organisation, Role.TEAM_MEMBER, body=person.body)


def rendition_for(person: Person, *, body: str) -> Rendition:
    """Give what a person may see of an assessment of that body: its own people see all, others what is published.

    規則10条 lets a body withhold parts from the public; another body has no more right to them.
    """
    return Rendition.FULL if person.body == body else Rendition.PUBLIC
