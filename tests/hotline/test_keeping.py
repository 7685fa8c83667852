"""メールの保管: whole, for certain, and nothing twice."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.keeping import KeptMails
from schemas.canonical import sha256_of

AT = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
ONE, OTHER = b"Subject: one\r\n\r\nfirst\r\n", b"Subject: other\r\n\r\nsecond\r\n"


def test_a_mail_is_kept_whole_under_its_digest_and_is_read_as_it_came(tmp_path: Path) -> None:
    mails = KeptMails(tmp_path / "hotline")
    sha256 = mails.keep(ONE, sender="desk@example.jp", at=AT)
    assert sha256 == sha256_of(ONE)
    assert (tmp_path / "hotline" / f"{sha256}.eml").read_bytes() == ONE
    found = mails.read(sha256)
    assert (found.received_at, found.sender, found.title, found.text) == (AT, "desk@example.jp", "one", "first")
    assert not (tmp_path / "hotline").stat().st_mode & 0o077


def test_the_same_mail_again_keeps_its_first_day(tmp_path: Path) -> None:
    mails = KeptMails(tmp_path)
    for days in range(2):
        sha256 = mails.keep(ONE, sender=None, at=AT + timedelta(days=days))
    assert mails.read(sha256).received_at == AT
    assert mails.waiting() == (sha256,)


def test_what_was_taken_in_waits_no_longer_and_stays(tmp_path: Path) -> None:
    mails = KeptMails(tmp_path)
    kept = [mails.keep(content, sender=None, at=AT) for content in (ONE, OTHER)]
    for second, sha256 in enumerate(kept):
        os.utime(tmp_path / f"{sha256}.eml", (second, second))
    assert mails.waiting() == tuple(kept)
    mails.mark_taken(kept[0], as_="hotline/1", at=AT)
    assert mails.waiting() == (kept[1],)
    assert (tmp_path / f"{kept[0]}.eml").exists()
    assert "hotline/1" in (tmp_path / f"{kept[0]}.taken").read_text(encoding="utf-8")


@pytest.mark.parametrize("said", [None, "", "{}", "[]", '{"envelope_sender": null, "received_at": "never"}'])
def test_without_what_stands_beside_it_the_day_of_the_file_tells(tmp_path: Path, said: str | None) -> None:
    mails = KeptMails(tmp_path)
    sha256 = mails.keep(ONE, sender="desk@example.jp", at=AT)
    beside = tmp_path / f"{sha256}.json"
    beside.unlink()
    if said is not None:
        beside.write_text(said)
    os.utime(tmp_path / f"{sha256}.eml", (AT.timestamp(), AT.timestamp()))
    assert mails.read(sha256).received_at == AT


def test_what_can_not_be_written_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    mails = KeptMails(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        mails.keep(ONE, sender=None, at=AT)
    assert list(tmp_path.iterdir()) == []
    assert KeptMails(tmp_path / "none").waiting() == ()
