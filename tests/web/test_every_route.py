"""全ての経路: a form does nothing without its token, no page has a script or a style in itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection, select

import web
from register.metadata import metadata
from tests.house import MANAGER, House
from tests.web.asking import Asked, ask, faults_of, operations
from tests.web.crowd import Crowd, Person, crowd
from tests.web.duties_there import TOKEN

__all__ = ["crowd"]

FORM = (b"content-type", b"application/x-www-form-urlencoded")

INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|<script\b(?![^>]*\ssrc=)|<script\b[^>]*>\s*[^<\s]"""
    r"""|<base\b|\ssrcdoc\s*=|<(?:iframe|object|embed)\b""",
    re.IGNORECASE,
)
"""What the policy of every page keeps from running: were it there, the page would be broken."""

TEMPLATES = sorted((Path(web.__path__[0]) / "templates").glob("*.html"))

BY_LINK = {"/acknowledge/{token}", "/acknowledge/{token}/document"}
"""What whoever has the link may open: its address is the key."""

OPEN = {"/ready", "/sign-in", "/sign-in/begin", "/sign-in/return", "/public/{assessment_id}", *BY_LINK}
"""What everybody may open."""

BY_SCRIPT = {"/session", "/session/keep"}
"""Where a page asks by itself how its session stands, or has kept what was typed: it is told no more than that."""

OF_ITSELF = {"audit_entries", "kept_forms", "notices", "occurrences", "sessions", "sign_ins"}
"""What may grow when somebody is refused."""


@pytest.mark.parametrize("path", TEMPLATES, ids=[one.stem for one in TEMPLATES])
def test_no_template_has_a_script_or_a_style_in_itself(path: Path) -> None:
    assert [found[0] for found in INLINE.finditer(path.read_text("utf-8"))] == []


async def test_no_page_has_a_script_or_a_style_in_itself(crowd: Crowd) -> None:
    pages = {**crowd.pages, "/nowhere": await crowd.people[0].browser.open("/nowhere", status=404)}
    assert len(pages) > 60
    found = {address: INLINE.findall(text) for address, text in pages.items() if INLINE.search(text)}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "<style>",
        '<p style="a">',
        '<a onclick="b()">',
        "<script>a</script>",
        '<script src="/a">b',
        '<a href="javascript:a">',
    ],
)
def test_it_would_be_found(text: str) -> None:
    assert INLINE.search(text)


async def contents(house: House) -> dict[str, list[Any]]:
    """Give what stands in the register, but for what a refusal may add."""

    def read(connection: Connection) -> dict[str, list[Any]]:
        tables = [table for name, table in metadata.tables.items() if name not in OF_ITSELF]
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in tables}

    return await house.register._database.read(read)  # noqa: SLF001 # to see all of it at once


async def sent_to_each(crowd: Crowd, sender: Person, token: str | None, *more: tuple[bytes, bytes]) -> dict[str, int]:
    """Send the form of each route as a page has it, with that token; give the statuses."""
    statuses: dict[str, int] = {}
    for method, path in operations(crowd.application):
        if method == "POST" and path not in OPEN | BY_SCRIPT:
            fields = {**crowd.fields_of(path), "form_token": token}
            body = urlencode({name: value for name, value in fields.items() if value is not None}).encode()
            asked = Asked(
                "POST", crowd.address_of(path).encode(), headers=(FORM, *more, (b"cookie", sender.cookie)), body=body
            )
            answer = await ask(crowd.application, asked)
            assert faults_of(answer) == []
            statuses[path] = answer.status
    return statuses


async def test_no_form_without_its_token_does_anything(crowd: Crowd) -> None:
    """A page elsewhere can make a browser send a form, and can't know what stands in ours."""
    team, manager = crowd.person("team-lead"), crowd.person(MANAGER)
    before = await contents(crowd.house)
    for token in (None, "", "wrong", team.token[:-1], team.token + " x", manager.token, "一" * 50):
        statuses = await sent_to_each(crowd, team, token)
        assert len(statuses) >= 20
        assert {path: status for path, status in statuses.items() if status != 409} == {}
    assert await contents(crowd.house) == before
    assert await team.browser.open("/settings")


async def test_no_form_of_another_site_does_anything_though_it_has_the_token(crowd: Crowd) -> None:
    team = crowd.person("team-lead")
    before = await contents(crowd.house)
    for header in ((b"sec-fetch-site", b"cross-site"), (b"origin", b"https://elsewhere.example"), (b"origin", b"null")):
        statuses = await sent_to_each(crowd, team, team.token, header)
        assert set(statuses.values()) == {403}
    assert await contents(crowd.house) == before


async def test_nobody_who_is_not_signed_in_does_or_sees_anything(crowd: Crowd) -> None:
    before = await contents(crowd.house)
    for method, path in operations(crowd.application):
        if path not in OPEN | BY_SCRIPT:
            address = crowd.address_of(path)
            answer = await ask(crowd.application, Asked(method, address.encode(), headers=(FORM,), body=b"a=b"))
            leads_on = method == "GET" or path == "/sign-out"
            assert (path, answer.status) == (path, 303 if leads_on else 401)
            assert not leads_on or answer.headers["location"].startswith(("/sign-in?to=%2F", "/sign-in?ended=out"))
            assert answer.body == b"" or "サインインが切れました" in answer.text
    assert await contents(crowd.house) == before


async def test_no_route_changes_anything_by_being_looked_at(crowd: Crowd) -> None:
    """A link or a picture elsewhere can make a browser ask for any address."""
    before = await contents(crowd.house)
    for person in crowd.people:
        for method, path in operations(crowd.application):
            if method == "GET":
                for address in crowd.addresses_of(path):
                    await crowd.send(person, Asked("GET", address.encode()))
    after = await contents(crowd.house)
    assert {name for name, rows in after.items() if rows != before[name]} == set()


async def test_the_link_of_a_letter_does_nothing_by_being_looked_at_and_nothing_for_another(crowd: Crowd) -> None:
    """A mail reader may open every link; whoever has one speaks for the body that it was sent to, and for no other."""
    before = await contents(crowd.house)
    link = crowd.address_of("/acknowledge/{token}").encode()
    found = await ask(crowd.application, Asked("GET", link))
    assert (found.status, found.headers["referrer-policy"]) == (200, "same-origin")
    foreign = ((b"sec-fetch-site", b"cross-site"), (b"origin", b"https://elsewhere.example"))
    statuses = [
        (await ask(crowd.application, Asked("POST", at, headers=(FORM, *more), body=body))).status
        for at, body, *more in (
            (link, b""),
            (link, b"member=999999"),
            (link[:-1], b"member=010101"),
            (link + b"t", b"member=010101"),
            (link, b"member=010101", foreign[0]),
            (link, b"member=010101", foreign[1]),
        )
    ]
    assert statuses == [422, 422, 404, 404, 403, 403]
    assert await contents(crowd.house) == before


async def test_no_link_is_kept_that_could_be_used(crowd: Crowd) -> None:
    """Whoever reads the register, or the trail of what was refused, has no link by that: digests alone are kept."""
    link = crowd.address_of("/acknowledge/{token}")
    for person in crowd.people:
        await crowd.send(person, Asked("POST", link.encode(), headers=(FORM, (b"sec-fetch-site", b"cross-site"))))
        await crowd.send(person, Asked("GET", link.encode()))

    def read(connection: Connection) -> str:
        return str([tuple(row) for table in metadata.tables.values() for row in connection.execute(select(table))])

    assert TOKEN not in await crowd.house.register._database.read(read)  # noqa: SLF001 # to see all of it at once
