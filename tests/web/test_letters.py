"""文字: what is no letter is refused at its field and recorded nowhere; every letter that is one stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from tests.house import MANAGER, House
from tests.web.conftest import Browser, carried_by

Browsers = Callable[[], Browser]

LETTERS = (b"\xed\xa0\x80", b"\xff", b"\xc3\xa9\xe9", b"\x00")

_LATIN = "é×§ÿ\r\n°C"


def _parts(fields: dict[str, str], reason: bytes) -> bytes:
    values = {name: value.encode() for name, value in fields.items()} | {"reason": reason}
    head = '--x\r\ncontent-disposition: form-data; name="{}"\r\n\r\n'
    return b"".join(head.format(name).encode() + value + b"\r\n" for name, value in values.items()) + b"--x--\r\n"


@pytest.mark.parametrize("letter", LETTERS, ids=["サロゲート", "FF", "Latin-1", "NUL"])
@pytest.mark.parametrize("as_parts", [True, False], ids=["multipart", "urlencoded"])
async def test_what_is_no_letter_is_not_recorded(
    house: House, browser: Browsers, letter: bytes, *, as_parts: bool
) -> None:
    review_id = await house.report_change()
    someone = await browser().sign_in(MANAGER)
    door = f"/reviews/{review_id}/acts/find"
    fields = {**carried_by(await someone.open(door)), "course": "amend"}
    reason = letter + b"x"
    body = _parts(fields, reason) if as_parts else urlencode({**fields, "reason": reason}).encode()
    kind = "multipart/form-data; boundary=x" if as_parts else "application/x-www-form-urlencoded"
    answer = await someone.web.post(door, content=body, headers={"content-type": kind})
    assert answer.status_code == 422
    assert "文字として読めない部分（�）があります。" in answer.text
    assert "�x</textarea>" in answer.text
    assert (await house.show(review_id)).findings == ()


@pytest.mark.parametrize("as_parts", [True, False], ids=["multipart", "urlencoded"])
async def test_letters_of_western_europe_stay_as_they_are(house: House, browser: Browsers, *, as_parts: bool) -> None:
    review_id = await house.report_change()
    someone = await browser().sign_in(MANAGER)
    files = {"x": ("x.txt", b"x")} if as_parts else None
    page = await someone.send(f"/reviews/{review_id}/acts/find", files, course="amend", reason=_LATIN)
    assert "受け付けました" in page
    assert [one.reason for one in (await house.show(review_id)).findings] == [_LATIN.replace("\r\n", "\n")]


async def test_a_choice_with_a_nul_is_of_nothing_that_is_known(house: House, browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    page = await someone.open("/report/risk")
    for files in (None, {"papers": ("a\0.pdf", b"%PDF")}):
        answer = await someone.web.post("/report/risk", data={**carried_by(page), "assessment": "a\0"}, files=files)
        assert answer.status_code == 422
        assert "�" in answer.text
    assert not await house.minaoshi.reviews.list()


@pytest.mark.parametrize("place", ["assessments", "events", "countermeasures", "duties", "report", "reviews"])
async def test_nothing_is_called_by_a_nul(empty_house: House, browser: Browsers, place: str) -> None:
    """PostgreSQL does not even compare one."""
    assert empty_house.assessment_id
    someone = await browser().sign_in(MANAGER)
    for name in ("%00", "a%00b", "a/1%00"):
        assert "このページはありません" in await someone.open(f"/{place}/{name}", status=404)


@pytest.mark.parametrize(
    "address",
    ["/report/risk?assessment=%00", "/deadlines?department=a%00", "/plan?body=%00", "/settings?begun=%00&resume=%00"],
)
async def test_a_nul_in_what_is_asked_for_is_left_out(empty_house: House, browser: Browsers, address: str) -> None:
    assert empty_house.assessment_id
    someone = await browser().sign_in(MANAGER)
    answer = await someone.web.get(address)
    assert answer.status_code < 500
    assert answer.status_code == (await someone.web.get(address.replace("%00", ""))).status_code
