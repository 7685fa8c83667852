"""職務の分離 (separation of duties)."""

from __future__ import annotations

from guideline.separation_of_duties import conflicted, roles_awaited, waits_for_person
from guideline.turns import acts_awaited
from schemas.acts import ActKind
from schemas.organisation import Role
from tests.guideline.reviews import TEAM, closed, done, drafting, opened
from tests.guideline.test_clocks import ORGANISATION


def test_who_acted_for_one_party_is_barred_from_the_roles_of_the_others() -> None:
    review = done(opened(), ActKind.FIND, TEAM)
    assert conflicted(review, Role.CHIEF_PRIVACY_OFFICER) == {TEAM.person}
    assert conflicted(review, Role.PRIVACY_MANAGER) == {TEAM.person}
    assert conflicted(review, Role.TEAM_MEMBER) == frozenset()
    assert conflicted(review, Role.AUDITOR) == frozenset()


def test_the_roles_that_a_review_waits_for_are_those_of_its_acts() -> None:
    assert roles_awaited(opened()) == (Role.TEAM_MEMBER, Role.PRIVACY_MANAGER)
    assert roles_awaited(drafting()) == (Role.DRAFTER,)
    assert roles_awaited(closed()) == ()


def test_an_act_waits_for_whoever_holds_its_role_in_this_review() -> None:
    review = drafting()
    (awaited,) = acts_awaited(review)
    waiting = {
        person.id
        for person in ORGANISATION.people
        if waits_for_person(awaited, person.id, review=review, organisation=ORGANISATION)
    }
    assert waiting == {"drafter"}
