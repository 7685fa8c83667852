"""控え: what a signature covers."""

from datetime import UTC, datetime

from schemas.checkpoints import Checkpoint


def test_a_signature_covers_all_but_itself_in_one_byte_form() -> None:
    at = datetime(2026, 11, 24, 6, tzinfo=UTC)
    unsigned = Checkpoint(seq=7, hash="a" * 64, at=at, key_id="0123456789abcdef")
    signed = unsigned.model_copy(update={"signature": "AA=="})
    assert (
        signed.signed
        == unsigned.signed
        == (
            b'{"at":"2026-11-24T06:00:00Z","hash":"' + b"a" * 64 + b'",'
            b'"key_id":"0123456789abcdef","minaoshi":"audit checkpoint 1","seq":7}'
        )
    )
