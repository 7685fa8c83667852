"""門: what is too large or comes from elsewhere is refused on a page, however it is sent; HEAD is answered."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable

import pytest

from tests.house import MANAGER
from tests.web.conftest import Browser
from web.gate import LARGEST_DROPPED
from web.posted import LARGEST_FIELD, LARGEST_REQUEST

Browsers = Callable[[], Browser]

_FORM = {"content-type": "application/x-www-form-urlencoded"}
_CHUNK = 1_000_000


async def _pieces(whole: int, sent: list[int]) -> AsyncIterator[bytes]:
    for begin in range(0, whole, _CHUNK):
        sent.append(min(_CHUNK, whole - begin))
        yield b"a" * sent[-1]


async def test_what_says_that_it_is_too_large_is_refused_on_a_page(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    for length in (str(LARGEST_REQUEST + 1), "9" * 5000):
        answer = await someone.web.post("/settings", content=b"", headers={**_FORM, "content-length": length})
        assert answer.status_code == 413
        assert "<h1>送られた内容が大きすぎます（上限は、添えたファイルを合わせて 25 MB）。</h1>" in answer.text
        assert "入力した内容は、そこに残っています" in answer.text
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("whole", "read"),
    [
        (LARGEST_REQUEST + 1, LARGEST_REQUEST + 1),
        (LARGEST_REQUEST * 2, LARGEST_REQUEST * 2),
        (LARGEST_REQUEST * 8, LARGEST_REQUEST + _CHUNK + LARGEST_DROPPED),
    ],
    ids=["一つ多い", "倍", "終わりがない"],
)
async def test_what_comes_in_pieces_is_counted(browser: Browsers, whole: int, read: int) -> None:
    """The rest is let pass, so that a browser comes to read the answer; but not for ever."""
    someone = await browser().sign_in(MANAGER)
    sent: list[int] = []
    answer = await someone.web.post("/settings", content=_pieces(whole, sent), headers=_FORM)
    assert answer.status_code == 413
    assert "25 MB" in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
    assert sum(sent) == read


async def test_what_says_its_length_is_let_pass_before_it_is_answered(browser: Browsers) -> None:
    sent: list[int] = []
    headers = {**_FORM, "content-length": str(LARGEST_REQUEST + _CHUNK)}
    answer = await browser().web.post("/sign-in", content=_pieces(LARGEST_REQUEST + _CHUNK, sent), headers=headers)
    assert answer.status_code == 413
    assert sum(sent) == LARGEST_REQUEST + _CHUNK


@pytest.mark.parametrize("as_parts", [True, False], ids=["multipart", "urlencoded"])
async def test_too_large_a_field_is_told_with_its_limit(browser: Browsers, *, as_parts: bool) -> None:
    someone = await browser().sign_in(MANAGER)
    files = {"x": ("x.txt", b"x")} if as_parts else None
    answer = await someone.web.post("/settings", data={"words": "a" * (LARGEST_FIELD + 1)}, files=files)
    assert answer.status_code == 422
    assert "<h1>一つの欄に書かれた内容が大きすぎます（上限 4 MB）。</h1>" in answer.text
    assert "入力した内容は、そこに残っています" in answer.text


async def test_too_many_files_and_what_is_no_form_are_told(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    answer = await someone.web.post("/settings", files=[("x", (f"{one}.txt", b"x")) for one in range(101)])
    assert answer.status_code == 422
    assert "多すぎます（上限は、欄 10000 、ファイル 100 ）" in answer.text
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = await someone.web.post("/settings", content=b"--y", headers={"content-type": kind})
        assert answer.status_code == 422
        assert "<h1>送られた内容を読めません。</h1>" in answer.text


async def test_a_form_that_was_cut_off_is_not_taken_for_what_there_is_of_it(browser: Browsers) -> None:
    """Its file would be missing, and nobody would know."""
    someone = await browser().sign_in(MANAGER)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nhalf of'
    )
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await someone.web.post("/settings", content=body, headers=headers)
    assert answer.status_code == 422
    assert "<h1>送られた内容を読めません。</h1>" in answer.text
    gc.collect()  # a file that was left open would be told of


async def test_what_comes_from_another_site_is_refused_on_a_page(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    answer = await someone.web.post("/settings", data={"a": "b"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "<h1>別のサイトから送られた様式は受け付けません。</h1>" in answer.text


@pytest.mark.parametrize("address", ["/", "/audit", "/assessments", "/sign-in", "/nowhere", "/static/page.css"])
async def test_head_is_answered_as_get_is_without_what_it_shows(browser: Browsers, address: str) -> None:
    someone = await browser().sign_in(MANAGER)
    whole, head = await someone.web.get(address), await someone.web.head(address)
    assert head.content == b""
    assert whole.content
    assert head.status_code == whole.status_code
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.headers["content-length"] == whole.headers["content-length"]
