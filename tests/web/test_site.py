"""自分のサイト: what every answer tells the browser, the 500 too; whose forms and whose name are taken for ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote, urljoin, urlsplit

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers

from client.minaoshi import Minaoshi
from tests.house import MANAGER
from tests.waiting import open_desk
from tests.web.asking import PROMISED, Answered, Asked, ask, faults_of
from web.application import build_application
from web.signing_in import own_address
from web.site import Site

TLS = Site("https://minaoshi.example.jp/")


def planted(word: str) -> None:
    raise ValueError(f"山田太郎: {word}")


@pytest.fixture(scope="module")
async def minaoshi(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Minaoshi]:
    async with open_desk(tmp_path_factory.mktemp("site")) as (found, _):
        yield found


@pytest.fixture(scope="module")
def application(minaoshi: Minaoshi) -> FastAPI:
    """Give the pages with one that has a bug."""
    built = build_application(minaoshi)
    built.add_api_route("/planted/{word}", planted, methods=["GET", "POST"])
    return built


async def sign_in(application: FastAPI, *headers: tuple[bytes, bytes]) -> Answered:
    form = (b"content-type", b"application/x-www-form-urlencoded")
    body = b"person=" + MANAGER.encode()
    return await ask(application, Asked("POST", b"/sign-in", headers=(*headers, form), body=body))


async def get(application: FastAPI, address: str, *headers: tuple[bytes, bytes]) -> Answered:
    return await ask(application, Asked("GET", address.encode(), headers=headers))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sign-in", 200),
        ("/", 303),
        ("/nowhere", 404),
        ("/static/page.css", 200),
        ("/static/nothing.css", 404),
        ("/static/../settings.py", 404),
        ("/static/%2e%2e/settings.py", 404),
        ("/assessments/%00", 404),
        ("/planted/a", 500),
    ],
)
async def test_every_answer_tells_the_browser_what_it_may_not(application: FastAPI, address: str, status: int) -> None:
    answer = await get(application, address)
    assert answer.status == status
    assert faults_of(answer) == []
    assert answer.headers["cache-control"] == ("no-cache" if address.startswith("/static/p") else "no-store")
    assert "strict-transport-security" not in answer.headers


async def test_the_answers_promised_are_all_that_the_site_tells() -> None:
    told = {name.lower() for name in TLS.headers("/")}
    assert told == {*PROMISED, "cache-control", "strict-transport-security"}


async def test_behind_tls_the_browser_never_comes_otherwise_and_keeps_its_cookie_to_it(minaoshi: Minaoshi) -> None:
    built = build_application(minaoshi, pages_url=TLS.url)
    host = (b"host", b"minaoshi.example.jp")
    for address in ("/sign-in", "/nowhere", "/static/page.css"):
        assert (await get(built, address, host)).headers["strict-transport-security"] == "max-age=63072000"
    [cookie] = (await sign_in(built, host)).cookies
    attributes = {one.strip().lower() for one in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "secure"} <= attributes
    assert not any(one.startswith("domain") for one in attributes)


async def test_a_bug_says_nothing_of_itself_to_the_reader_nor_of_content_to_the_log(
    application: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await get(application, "/planted/%0A%1B%5B31m")
    assert answer.status == 500
    assert "思わぬ誤りが起きました" in answer.text
    for word in ("ValueError", "Traceback", "山田", "test_site.py"):
        assert word not in answer.text
    [line] = [one.getMessage() for one in caplog.records if one.name == "minaoshi.web"]
    assert "ValueError at test_site.py:" in line
    assert "山田" not in line


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example", "127.0.0.1.elsewhere.example", "[", "\xff", "127.0.0.1:x", "", "minaoshi.example.jp@a"],
)
async def test_a_name_that_somebody_led_to_this_machine_is_not_ours(application: FastAPI, host: str) -> None:
    """A page elsewhere could otherwise read ours as if it were its own (DNS rebinding)."""
    answer = await ask(application, Asked("GET", b"/sign-in", headers=((b"host", host.encode("latin-1")),)))
    assert answer.status == 421
    assert "<h1>このアドレスでは開けません。</h1>" in answer.text
    assert "http://127.0.0.1 を開いてください" in answer.text
    assert faults_of(answer) == []


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "LOCALHOST:1", "[::1]:8000", "10.1.2.3", "minaoshi.example.jp"])
def test_our_name_and_bare_addresses_are_ours(host: str) -> None:
    assert TLS.has_host(host)


_OWN = "http://127.0.0.1"


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": _OWN}, True),
        ({"referer": f"{_OWN}/sign-in"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": _OWN}, False),
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": f"{_OWN}.elsewhere.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "http://[", "referer": _OWN}, False),
        ({"referer": f"https://elsewhere.example/?{_OWN}"}, False),
    ],
    ids=str,
)
async def test_nobody_is_signed_in_by_a_form_of_another_site(
    application: FastAPI, headers: dict[str, str], *, is_taken: bool
) -> None:
    """Else one would go on working in a name that somebody else chose."""
    answer = await sign_in(application, *((name.encode(), value.encode()) for name, value in headers.items()))
    assert answer.status == (303 if is_taken else 403)
    assert bool(answer.cookies) is is_taken
    if not is_taken:
        assert "<h1>別のサイトから送られた様式は受け付けません。</h1>" in answer.text


def test_behind_tls_a_form_is_ours_by_the_public_address_too() -> None:
    for origin, is_ours in (("https://minaoshi.example.jp", True), ("https://elsewhere.example", False)):
        headers = {"host": "10.1.2.3:8000", "origin": origin}
        assert TLS.sent(Headers(headers)) is is_ours


TO = (
    "https://elsewhere.example",
    "//elsewhere.example",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "/\\/elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "\t//elsewhere.example",
    "/\r\nLocation: https://elsewhere.example",
    "javascript:alert(1)",
    "/%0d%0a//elsewhere.example",
    "/%5celsewhere.example",
    "/..//elsewhere.example",
    "/.//elsewhere.example",
    "/@elsewhere.example",
    "elsewhere.example",
    "",
    "/\u3000/elsewhere.example",
    "/\u2028/elsewhere.example",
    "／／elsewhere.example",
)


@pytest.mark.parametrize("to", [*TO, *(quote(one) for one in TO)])
def test_no_address_leads_elsewhere_as_a_browser_reads_it(to: str) -> None:
    """A browser drops tabs and line ends, takes a backslash for a slash, and resolves dots."""
    assert led_to(own_address(to)) == "127.0.0.1"


def led_to(address: str) -> str | None:
    """Give the host at which a browser comes out, after the URL standard."""
    plain = "".join(sign for sign in address.strip() if sign not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin(f"{_OWN}/sign-in", plain)).hostname
