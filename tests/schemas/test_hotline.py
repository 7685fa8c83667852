"""受信したメール: what is read of a mail to the hotline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from schemas.hotline import IncomingMail

DIGEST = "0" * 64
MAIL = {
    "sha256": DIGEST,
    "identity": DIGEST,
    "received_at": datetime(2026, 5, 2, 3, 0, tzinfo=UTC),
    "sender": None,
    "title": "",
    "text": "",
}


def test_a_mail_of_which_nothing_could_be_read_is_a_mail() -> None:
    found = IncomingMail.model_validate(MAIL)
    assert (found.obstacles, found.answers_us) == ((), False)


@pytest.mark.parametrize("change", [{"sha256": "0"}, {"received_at": datetime(2026, 5, 2)}, {"colour": "blue"}])  # noqa: DTZ001 # a naive one is refused
def test_what_is_no_digest_and_no_instant_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        IncomingMail.model_validate({**MAIL, **change})
