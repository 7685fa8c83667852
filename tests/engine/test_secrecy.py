"""秘匿: what goes to the engine is encrypted, and what can't be authenticated is refused and blocks nothing."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError

from client.errors import ActRefusedError
from engine.errors import KeysError
from engine.keys import KeyRing, UnknownKeyError, key_ring
from engine.secrecy import ENCRYPTED, NOT_OURS, SecretCodec, secret_converter
from engine.server import EmbeddedServer
from settings import Settings
from tests.house import MANAGER, TEAM, House

PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"text"')


@pytest.fixture
def ring(settings: Settings) -> KeyRing:
    return key_ring(settings)


async def test_what_is_encrypted_is_read_again(ring: KeyRing) -> None:
    codec = SecretCodec(ring)
    [sealed] = await codec.encode([PLAIN])
    assert sealed.metadata["encoding"] == ENCRYPTED
    assert b"text" not in sealed.SerializeToString()
    assert await codec.decode([sealed]) == [PLAIN]


async def test_the_same_twice_is_not_seen_to_be_the_same(ring: KeyRing) -> None:
    first, second = await SecretCodec(ring).encode([PLAIN, PLAIN])
    assert first.data != second.data


@pytest.mark.parametrize("place", [0, 11, 12, -1], ids=["番号の初め", "番号の終わり", "本文", "認証の符号"])
async def test_a_changed_byte_makes_it_unreadable(ring: KeyRing, place: int) -> None:
    codec = SecretCodec(ring)
    [sealed] = await codec.encode([PLAIN])
    changed = bytearray(sealed.data)
    changed[place] ^= 1
    sealed.data = bytes(changed)
    [read] = await codec.decode([sealed])
    assert read.metadata["encoding"] == NOT_OURS


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(PLAIN, id="平文"),
        pytest.param(Payload(metadata={"encoding": ENCRYPTED}, data=b""), id="空"),
        pytest.param(Payload(metadata={"encoding": ENCRYPTED, "minaoshi-key": b"k9"}, data=b"x" * 40), id="知らない鍵"),
        pytest.param(Payload(metadata={"encoding": ENCRYPTED, "minaoshi-key": b"\xff"}, data=b"x" * 40), id="鍵の名"),
    ],
)
async def test_what_is_not_ours_becomes_what_nothing_reads(ring: KeyRing, payload: Payload) -> None:
    [read] = await SecretCodec(ring).decode([payload])
    assert (read.metadata["encoding"], read.data) == (NOT_OURS, b"")


async def test_a_key_of_another_name_does_not_decrypt(ring: KeyRing) -> None:
    codec = SecretCodec(ring)
    [sealed] = await codec.encode([PLAIN])
    sealed.metadata["minaoshi-key"] = ring.rotate().encode()
    [read] = await codec.decode([sealed])
    assert read.metadata["encoding"] == NOT_OURS


async def test_after_a_rotation_the_old_is_read_and_the_new_is_written(ring: KeyRing, settings: Settings) -> None:
    codec = SecretCodec(ring)
    [before] = await codec.encode([PLAIN])
    elsewhere = key_ring(settings)
    new = elsewhere.rotate()
    [after] = await codec.encode([PLAIN])
    assert after.metadata["minaoshi-key"] == new.encode()
    assert await codec.decode([before, after]) == [PLAIN, PLAIN]
    assert ring.ids()[-1] == new
    assert len(ring.ids()) == 2


def test_the_first_use_makes_a_key_that_only_the_owner_reads(settings: Settings) -> None:
    ring = key_ring(settings)
    assert not settings.home.exists(), "to look at an installation makes nothing"
    assert ring.current()
    assert stat.S_IMODE(settings.keys_path.stat().st_mode) == 0o600
    assert key_ring(settings).current() == ring.current()
    assert [path.name for path in settings.keys_path.parent.iterdir()] == ["keys.json"]


async def test_two_that_start_at_once_have_one_key(settings: Settings) -> None:
    current = await asyncio.gather(*(asyncio.to_thread(key_ring(settings).current) for _ in range(8)))
    assert len(set(current)) == 1


def test_a_file_that_is_named_must_be_there(settings: Settings, tmp_path: Path) -> None:
    named = settings.model_copy(update={"keys_file": tmp_path / "nowhere.json"})
    with pytest.raises(KeysError, match="MINAOSHI_KEYS_FILE"):
        key_ring(named).current()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="空"),
        pytest.param("[]", id="束でない"),
        pytest.param('{"current": "k1", "keys": {}}', id="今の鍵がない"),
        pytest.param('{"current": "k1", "keys": {"k1": "AAAA"}}', id="短い鍵"),
        pytest.param('{"current": "k1", "keys": {"k1": "*"}}', id="読めない鍵"),
    ],
)
def test_a_file_that_is_no_key_ring_is_named(settings: Settings, content: str) -> None:
    settings.home.mkdir()
    settings.keys_path.write_text(content)
    settings.keys_path.chmod(0o600)
    with pytest.raises(KeysError, match=r"keys\.json"):
        key_ring(settings).current()


def test_a_file_that_others_may_read_is_refused(ring: KeyRing, settings: Settings) -> None:
    ring.current()
    settings.keys_path.chmod(0o640)
    with pytest.raises(KeysError, match="chmod 600"):
        key_ring(settings).current()


def test_a_file_that_goes_away_is_missed_and_not_made_anew(ring: KeyRing, settings: Settings) -> None:
    ring.current()
    settings.keys_path.unlink()
    with pytest.raises(KeysError, match=r"keys\.json"):
        ring.current()


def test_an_unknown_key_is_asked_for_in_vain(ring: KeyRing) -> None:
    with pytest.raises(UnknownKeyError):
        ring.key("k9")


async def test_a_stranger_who_speaks_in_clear_is_refused_and_the_review_goes_on(
    house: House, server: EmbeddedServer
) -> None:
    review_id = await house.report_change()
    stranger = await Client.connect(server.settings.temporal_address, data_converter=pydantic_data_converter)
    act = {"act_id": "act/forged", "review_id": review_id, "act": "acknowledge"}
    handle = stranger.get_workflow_handle(house.handle().id)
    with pytest.raises(WorkflowUpdateFailedError):
        await handle.execute_update("acknowledge", act, id="act/forged")
    await house.find(review_id, as_=MANAGER)
    assert [one.act.act.value for one in await house.register.acts_of(review_id)] == ["join", "find"]


async def test_the_engine_keeps_nothing_that_a_stranger_reads(house: House, server: EmbeddedServer) -> None:
    await house.report_change(title="窓口の佐藤花子の報告", facts="戸籍係の鈴木一郎が受け付けた。")
    with pytest.raises(ActRefusedError):
        await house.find(f"{house.assessment_id}/1", as_=TEAM, facts_revision=9)
    stranger = await Client.connect(server.settings.temporal_address)
    history = await stranger.get_workflow_handle(house.handle().id).fetch_history()
    whole = b"".join(event.SerializeToString() for event in history.events)
    assert len(history.events) > 4
    for word in ("佐藤花子", "鈴木一郎", "窓口"):
        assert word.encode() not in whole


async def test_the_texts_of_failures_are_encrypted_with_the_rest(ring: KeyRing) -> None:
    converter, failure = secret_converter(ring), Failure()
    await converter.encode_failure(ApplicationError("佐藤花子は職員ではありません", type="Refused"), failure)
    assert "佐藤花子".encode() not in failure.SerializeToString()
    read = await converter.decode_failure(failure)
    assert str(read) == "Refused: 佐藤花子は職員ではありません"
