"""共用の机 (shared desk). 改善策 1."""

from __future__ import annotations

from guideline.letters import Addressee, letter_of
from guideline.places import INBOX, page_of
from guideline.shared_desk import told_of_foreign_form
from schemas.letters import Outgoing
from schemas.organisation import Person
from schemas.records import Notice
from tests.guideline.reviews import AT

SUZUKI = Person.model_validate({"id": "suzuki", "name": "鈴木 花子", "body": "b", "department": "d"})


def told(*, mark: str = "a" * 64, page: str = "/report/change", name: str = "鈴木 花子") -> Notice:
    by = SUZUKI.model_copy(update={"name": name})
    return told_of_foreign_form(begun_by="sato", mark=mark, page=page, by=by)


def test_who_began_a_form_is_told_at_once_by_whom_it_was_sent() -> None:
    notice = told()
    assert (notice.person, notice.urgent) == ("sato", True)
    assert "鈴木 花子。何も記録していません。" in notice.subject
    assert page_of(notice) == INBOX
    letter = letter_of(Outgoing(notice=notice, made_at=AT), to=Addressee("佐藤", "sato@example.jp"))
    assert "鈴木" not in letter.subject
    assert "鈴木 花子" in letter.body


def test_the_same_form_sent_again_is_the_same_notice_and_another_is_not() -> None:
    assert told().notice_id == told().notice_id
    assert len({told().notice_id, told(mark="b" * 64).notice_id, told(page="/settings").notice_id}) == 3
    assert "suzuki" not in told().notice_id


def test_a_long_name_leaves_room_for_the_rest() -> None:
    assert len(told(name="長" * 190).subject) <= 200
