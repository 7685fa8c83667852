"""署名鍵: made once, kept private, read again after a rotation; a public key is trusted until it is removed."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from engine.errors import SigningKeysError
from engine.signing import Signatures, prepared_signatures
from settings import Settings

CONTENT = b"an act"


@pytest.fixture
def own(settings: Settings) -> Signatures:
    return prepared_signatures(settings)


def holds(signatures: Signatures, content: bytes, signature: tuple[str, str]) -> bool:
    key_id, value = signature
    return signatures.knows(key_id) and signatures.verifies(content, key_id=key_id, value=value)


def test_what_is_signed_verifies_and_nothing_else(own: Signatures) -> None:
    key_id, value = own.sign(CONTENT)
    assert holds(own, CONTENT, (key_id, value))
    assert not own.verifies(b"another", key_id=key_id, value=value)
    assert not own.verifies(CONTENT, key_id="s-0", value=value)
    for strange in ("", "あ", "A" * 86 + "==", value[:-4]):
        assert not own.verifies(CONTENT, key_id=key_id, value=strange)


def test_the_first_start_makes_a_private_and_a_public_file(own: Signatures, settings: Settings) -> None:
    assert stat.S_IMODE(settings.signing_key_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.public_keys_path.stat().st_mode) & 0o022 == 0
    assert own.ids() == (own.current(),)
    again = Signatures(settings)
    assert holds(again, CONTENT, own.sign(CONTENT))
    assert sorted(path.name for path in settings.home.iterdir()) == ["public-keys.json", "signing-key.json"]


def test_who_only_verifies_makes_no_file(settings: Settings) -> None:
    assert not Signatures(settings).knows("s-0")
    assert not settings.home.exists()


async def test_two_that_start_at_once_have_one_key(settings: Settings) -> None:
    started = await asyncio.gather(*(asyncio.to_thread(prepared_signatures, settings) for _ in range(8)))
    assert len({one.current() for one in started}) == 1
    assert started[0].ids() == (started[0].current(),)


def test_a_rotation_is_seen_without_a_restart_and_the_old_stays_trusted(own: Signatures, settings: Settings) -> None:
    before = own.sign(CONTENT)
    new = Signatures(settings).rotate()
    after = own.sign(CONTENT)
    assert after[0] == new == own.current() != before[0]
    assert holds(own, CONTENT, before)
    assert holds(own, CONTENT, after)
    assert own.distrust(before[0])
    assert not own.distrust(before[0])
    assert not holds(own, CONTENT, before)
    assert prepared_signatures(settings).ids() == (new,)


def test_a_worker_needs_the_public_keys_of_the_others_alone(
    own: Signatures, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = settings.model_copy(update={"home": tmp_path / "other", "public_keys_file": settings.public_keys_path})
    worker = Signatures(elsewhere)
    assert holds(worker, CONTENT, own.sign(CONTENT))
    assert not holds(own, CONTENT, worker.sign(CONTENT))
    assert own.ids() == (own.current(),)


@pytest.mark.parametrize("field", ["signing_key_file", "public_keys_file"])
def test_a_file_that_is_named_must_be_there(settings: Settings, tmp_path: Path, field: str) -> None:
    named = settings.model_copy(update={field: tmp_path / "nowhere.json"})
    with pytest.raises(SigningKeysError, match=f"nowhere.json.*MINAOSHI_{field.upper()}"):
        prepared_signatures(named)
    assert not (tmp_path / "nowhere.json").exists()


def test_a_private_key_that_others_may_read_is_refused(own: Signatures, settings: Settings) -> None:
    settings.signing_key_path.chmod(0o640)
    with pytest.raises(SigningKeysError, match="chmod 600"):
        own.sign(CONTENT) and Signatures(settings).sign(CONTENT)


def test_public_keys_that_others_may_write_are_not_trusted(own: Signatures, settings: Settings) -> None:
    signature = own.sign(CONTENT)
    settings.public_keys_path.chmod(0o666)
    assert not holds(Signatures(settings), CONTENT, signature)
    with pytest.raises(SigningKeysError, match="chmod 644"):
        Signatures(settings).prepare()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keys": {"s-1": "AAAA"}}', '{"keys": {"s-1": "*"}}', "あ"])
def test_a_file_without_public_keys_trusts_nobody(own: Signatures, settings: Settings, content: str) -> None:
    signature = own.sign(CONTENT)
    settings.public_keys_path.write_text(content, encoding="utf-8")
    assert not holds(own, CONTENT, signature)
    with pytest.raises(SigningKeysError, match="読めません"):
        own.rotate()


def test_where_no_file_can_be_written_that_is_said(own: Signatures, settings: Settings, tmp_path: Path) -> None:
    """A folder that is gone stands for a disk that is full or read only: a test may run as root."""
    settings.public_keys_path.rename(tmp_path / "public-keys.json")
    kept = tmp_path / "kept" / "public-keys.json"
    kept.parent.mkdir()
    kept.write_bytes((tmp_path / "public-keys.json").read_bytes())
    named = Signatures(settings.model_copy(update={"public_keys_file": kept}))
    assert named.ids() == (own.current(),)
    kept.unlink()
    with pytest.raises(SigningKeysError, match=r"public-keys\.json"):
        named.rotate()
