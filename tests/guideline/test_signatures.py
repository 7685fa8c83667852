"""行為の署名: an act is heard only where a trusted key has signed it as it is."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from guideline.refusals import RefusedError
from guideline.signatures import FORGED, check_signed
from schemas.acts import Acknowledgement
from schemas.canonical import act_digest
from schemas.organisation import Role
from schemas.signatures import Trusted, signed, signed_bytes
from tests.guideline.reviews import actor

ACT = Acknowledgement(act_id="ack/1", actor=actor(Role.TEAM_MEMBER), review_id="a/1")


@dataclass
class Sworn:
    """Signs with the length of what is signed: enough to see what is given to whom."""

    key_id: str = "s-1"

    def sign(self, content: bytes) -> tuple[str, str]:
        return self.key_id, f"{len(content):0>86}=="

    def knows(self, key_id: str) -> bool:
        return key_id == self.key_id

    def verifies(self, content: bytes, *, key_id: str, value: str) -> bool:
        return (key_id, value) == self.sign(content)


def code_of(act: Acknowledgement, trusted: Trusted | None) -> str:
    with pytest.raises(RefusedError) as refused:
        check_signed(act, trusted=trusted)
    return refused.value.refusal.code


def test_what_is_signed_is_heard() -> None:
    check_signed(signed(ACT, Sworn()), trusted=Sworn())


def test_each_reason_has_its_own_code() -> None:
    act = signed(ACT, Sworn())
    longer = act.model_copy(update={"act_id": "ack/longer"})
    codes = {
        code_of(ACT, Sworn()),
        code_of(act, Sworn("s-2")),
        code_of(act, None),
        code_of(longer, Sworn()),
    }
    assert codes == FORGED


def test_the_signature_is_not_part_of_what_is_signed_nor_of_what_makes_an_act_the_same() -> None:
    act, again = signed(ACT, Sworn()), signed(ACT, Sworn("s-2"))
    assert act.signature != again.signature
    assert signed_bytes(act.model_dump(mode="json")) == signed_bytes(ACT.model_dump(mode="json"))
    assert act_digest(act) == act_digest(again) == act_digest(ACT)
    assert signed(act, Sworn("s-2")) == again
