"""職務の分離 (separation of duties)."""

from __future__ import annotations

from guideline.separation_of_duties import conflicted
from schemas.acts import ActKind
from schemas.organisation import Role
from tests.guideline.reviews import TEAM, done, opened


def test_who_acted_for_one_party_is_barred_from_the_roles_of_the_others() -> None:
    review = done(opened(), ActKind.FIND, TEAM)
    assert conflicted(review, Role.CHIEF_PRIVACY_OFFICER) == {TEAM.person}
    assert conflicted(review, Role.PRIVACY_MANAGER) == {TEAM.person}
    assert conflicted(review, Role.TEAM_MEMBER) == frozenset()
    assert conflicted(review, Role.AUDITOR) == frozenset()
