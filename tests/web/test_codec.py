"""エンジンの内容の窓口: payloads are opened for whoever watches over others, signed in, and each reading is noted."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload, Payloads

from engine.keys import KeyRing, key_ring
from engine.secrecy import ENCRYPTED, NOT_OURS, SecretCodec
from engine.unsealing import Unsealing
from schemas.records import AuditAction, Occurrence
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, House
from web.application import build_application
from web.codec import LARGEST, CodecEndpoint

UI = "http://127.0.0.1:8233"
FROM_THE_UI = {"origin": UI, "sec-fetch-site": "same-site", "x-namespace": "default"}
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data='{"title":"窓口の佐藤花子"}'.encode())


@pytest.fixture
def ring(empty_house: House) -> KeyRing:
    return key_ring(empty_house.settings)


@pytest.fixture
async def web(empty_house: House, ring: KeyRing) -> AsyncIterator[httpx2.AsyncClient]:
    codec = CodecEndpoint(UI, empty_house.minaoshi.payload_reading(Unsealing(ring)))
    application = build_application(empty_house.minaoshi, codec=codec)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=application, raise_app_exceptions=False), base_url="http://127.0.0.1"
    ) as client:
        yield client


@pytest.fixture
async def sealed(ring: KeyRing) -> dict[str, Any]:
    return as_sent(*(await SecretCodec(ring).encode([PLAIN])))


def as_sent(*payloads: Payload) -> dict[str, Any]:
    content: dict[str, Any] = MessageToDict(Payloads(payloads=payloads))
    return content


async def of_terminal(house: House, person: str) -> dict[str, str]:
    token = await house.minaoshi.sessions.begin(person)
    return {"authorization": f"Bearer {token}", "x-namespace": "default"}


async def noted(house: House, kind: AuditAction = AuditAction.READ_WITHHELD) -> tuple[Occurrence, ...]:
    return await house.register.occurrences(kind)


@pytest.mark.parametrize("person", [AUDITOR, TEAM, CHIEF])
async def test_a_terminal_with_the_token_of_a_session_reads_and_it_is_noted(
    empty_house: House, web: httpx2.AsyncClient, sealed: dict[str, Any], person: str
) -> None:
    headers = await of_terminal(empty_house, person)
    answer = await web.post("/codec/decode", json={"payloads": sealed["payloads"] * 3}, headers=headers)
    assert answer.status_code == 200
    assert answer.json() == as_sent(PLAIN, PLAIN, PLAIN)
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    [one] = await noted(empty_house)
    assert (one.person, one.detail) == (person, {"namespace": "default", "payloads": 3})


async def test_the_page_of_the_engine_reads_with_the_cookie_of_the_sign_in(
    empty_house: House, web: httpx2.AsyncClient, sealed: dict[str, Any]
) -> None:
    await web.post("/sign-in", data={"person": AUDITOR})
    asked = {"origin": UI, "access-control-request-method": "POST", "sec-fetch-site": "same-site"}
    before = await web.options("/codec/decode", headers=asked)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == UI
    assert before.headers["access-control-allow-credentials"] == "true"
    assert "x-namespace" in before.headers["access-control-allow-headers"]
    answer = await web.post("/codec/decode?preserveStorageRefs=true", json=sealed, headers=FROM_THE_UI)
    assert (answer.status_code, answer.json()) == (200, as_sent(PLAIN))
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["vary"] == "Origin"
    assert len(await noted(empty_house)) == 1


FORGED = [
    pytest.param({"origin": "http://evil.example", "sec-fetch-site": "cross-site"}, id="別のサイト"),
    pytest.param({"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"}, id="同じ機械の別の画面"),
    pytest.param({"origin": "null"}, id="起点のない画面"),
    pytest.param({"origin": f"{UI}.evil.example"}, id="似た名"),
    pytest.param({"origin": None}, id="起点を言わない"),
    pytest.param({"x-namespace": None}, id="様式でも送れる"),
    pytest.param({"content-type": "text/plain"}, id="JSON でない"),
    pytest.param({"cookie": "minaoshi=stolen"}, id="知らない番号"),
]


@pytest.mark.parametrize("change", FORGED)
async def test_a_cookie_alone_opens_nothing(
    empty_house: House, web: httpx2.AsyncClient, sealed: dict[str, Any], change: dict[str, str | None]
) -> None:
    await web.post("/sign-in", data={"person": AUDITOR})
    headers = {**FROM_THE_UI, "content-type": "application/json", **change}
    sent = {name: value for name, value in headers.items() if value is not None}
    answer = await web.post("/codec/decode", content=json.dumps(sealed), headers=sent)
    assert answer.status_code == 401
    assert "サインイン" in answer.json()["message"]
    allowed = answer.headers.get("access-control-allow-origin")
    assert allowed == (UI if sent.get("origin") == UI else None)
    before = await web.options("/codec/decode", headers={"origin": sent.get("origin", "")})
    assert before.status_code == (204 if sent.get("origin") == UI else 403)
    assert await noted(empty_house) == ()


async def test_who_watches_over_nobody_reads_nothing_and_that_is_noted(
    empty_house: House, web: httpx2.AsyncClient, sealed: dict[str, Any]
) -> None:
    for person in (DRAFTER, MANAGER):
        answer = await web.post("/codec/decode", json=sealed, headers=await of_terminal(empty_house, person))
        assert answer.status_code == 403
        assert "監査" in answer.json()["message"]
    assert await noted(empty_house) == ()
    refused = await noted(empty_house, AuditAction.REFUSED_BY_PAGE)
    assert [(one.person, one.detail["address"]) for one in refused] == [
        (DRAFTER, "POST /codec/decode"),
        (MANAGER, "POST /codec/decode"),
    ]


async def test_nobody_who_is_not_signed_in_is_answered(web: httpx2.AsyncClient, sealed: dict[str, Any]) -> None:
    for headers in ({}, {"authorization": "Bearer"}, {"authorization": "Bearer x"}, {"authorization": "Basic eDp5"}):
        answer = await web.post("/codec/decode", json=sealed, headers={**headers, "x-namespace": "default"})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_what_is_not_ours_comes_back_as_it_is_and_says_so(
    empty_house: House, web: httpx2.AsyncClient, sealed: dict[str, Any]
) -> None:
    broken = json.loads(json.dumps(sealed["payloads"][0]))
    broken["data"] = base64.b64encode(b"x" * 40).decode()
    sent = {"payloads": [*as_sent(PLAIN)["payloads"], broken, *sealed["payloads"]]}
    answer = await web.post("/codec/decode", json=sent, headers=await of_terminal(empty_house, AUDITOR))
    strange, changed, ours = answer.json()["payloads"]
    for one, was, data in ((strange, b"json/plain", PLAIN.data), (changed, ENCRYPTED, b"x" * 40)):
        assert base64.b64decode(one["metadata"]["encoding"]) == NOT_OURS
        assert base64.b64decode(one["metadata"]["minaoshi-encoding"]) == was
        assert base64.b64decode(one["data"]) == data
    assert ours == as_sent(PLAIN)["payloads"][0]


async def test_an_empty_list_is_answered_and_nothing_is_encrypted(empty_house: House, web: httpx2.AsyncClient) -> None:
    headers = await of_terminal(empty_house, AUDITOR)
    empties: tuple[dict[str, list[object]], ...] = ({}, {"payloads": []})
    for empty in empties:
        for name in ("encode", "decode"):
            answer = await web.post(f"/codec/{name}", json=empty, headers=headers)
            assert (answer.status_code, answer.json()) == (200, {"payloads": []})
    assert await noted(empty_house) == ()
    answer = await web.post("/codec/encode", json=as_sent(PLAIN), headers=headers)
    assert answer.status_code == 403
    assert "暗号化しません" in answer.json()["message"]
    assert "佐藤" not in answer.text
    assert [one.subject for one in await noted(empty_house, AuditAction.REFUSED_BY_PAGE)] == ["not_permitted"]


BAD = [
    pytest.param(b"", id="空"),
    pytest.param(b"{", id="途中"),
    pytest.param(b'{"payloads": 3}', id="数"),
    pytest.param(b'{"payloads":' + b"[" * 100_000, id="深い"),
    pytest.param(b"\xff\xfe", id="文字でない"),
    pytest.param(b'{"payloads": [{"metadata": {"encoding": "\\ud800"}}]}', id="片割れの文字"),
]


@pytest.mark.parametrize("content", BAD)
async def test_what_is_no_list_of_payloads_is_told(empty_house: House, web: httpx2.AsyncClient, content: bytes) -> None:
    answer = await web.post("/codec/decode", content=content, headers=await of_terminal(empty_house, AUDITOR))
    assert answer.status_code == 422
    assert "読めません" in answer.json()["message"]
    assert await noted(empty_house) == ()


@pytest.mark.parametrize("namespace", [None, "a b", "x" * 256, "<script>"])
async def test_the_namespace_is_a_name(
    empty_house: House, web: httpx2.AsyncClient, sealed: dict[str, Any], namespace: str | None
) -> None:
    headers = await of_terminal(empty_house, AUDITOR)
    headers = {**headers, "x-namespace": namespace} if namespace else {"authorization": headers["authorization"]}
    assert (await web.post("/codec/decode", json=sealed, headers=headers)).status_code == 422


async def test_too_much_at_once_is_refused(empty_house: House, web: httpx2.AsyncClient) -> None:
    headers = await of_terminal(empty_house, AUDITOR)
    assert (await web.post("/codec/decode", content=b" " * (LARGEST + 1), headers=headers)).status_code == 413


async def test_without_its_keys_it_says_that_it_can_not_read(
    empty_house: House, web: httpx2.AsyncClient, sealed: dict[str, Any]
) -> None:
    empty_house.settings.keys_path.unlink()
    answer = await web.post("/codec/decode", json=sealed, headers=await of_terminal(empty_house, AUDITOR))
    assert answer.status_code == 503
    assert await noted(empty_house) == ()
