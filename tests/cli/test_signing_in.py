"""端末のサインイン: off the embedded engine nobody is believed; whoever signed in acts, without `--as`."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from settings import Settings
from tests.cli.terminal import Terminal, demo_file
from tests.provider import answer_of, library_provider

# The library's provider is built on what Authlib is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

_ELSEWHERE = {"TEMPORAL_ADDRESS": "127.0.0.1:1"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with library_provider(manager={}, stranger={}) as found:
        yield found


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Terminal:
    """Give a terminal off the embedded engine, without a provider."""
    return Terminal(settings, {**_ELSEWHERE, "MINAOSHI_SESSION_FILE": str(tmp_path / "session")})


@pytest.fixture
def provided(elsewhere: Terminal, issuer: str) -> Terminal:
    """Give a terminal off the embedded engine, with a provider, and with an organisation."""
    provider = {
        "MINAOSHI_OIDC_ISSUER": issuer,
        "MINAOSHI_OIDC_CLIENT_ID": "minaoshi",
        "MINAOSHI_OIDC_CLIENT_SECRET": "any",
    }
    terminal = Terminal(elsewhere.settings, {**elsewhere.more, **provider})
    assert terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    return terminal


def _session(terminal: Terminal) -> Path:
    return Path(terminal.more["MINAOSHI_SESSION_FILE"])


async def _sign_in(terminal: Terminal, person: str, *, disturb: bool = False) -> tuple[int, str]:
    """Sign in as a person does; `disturb` has another program try an answer of its own before."""
    process = terminal.start("sign-in")
    assert process.stdout is not None
    assert "10分以内" in process.stdout.readline().decode()
    address = process.stdout.readline().decode().strip()
    back = await answer_of(address, person)
    assert re.match(r"http://127\.0\.0\.1:\d+/sign-in/return\?", back)
    async with httpx2.AsyncClient() as browser:
        if disturb:
            for forged in (back.partition("?")[0], re.sub(r"state=[^&]+", "state=forged", back)):
                assert (await browser.get(forged)).status_code == 403
        answer = await browser.get(back)
    assert (answer.status_code, "端末に戻ってください" in answer.text) == (200, True)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    said = process.stdout.read().decode()
    process.stdout.close()
    return process.wait(timeout=60), said


async def test_who_signs_in_acts_without_a_name(provided: Terminal) -> None:
    before = provided.run("inbox")
    assert (before.status, "`minaoshi sign-in` でサインイン" in before.err) == (2, True)
    status, said = await _sign_in(provided, "manager", disturb=True)
    assert (status, said) == (0, "サインインしました: 見本 保護管理者（manager）　口座登録担当\n")
    file = _session(provided)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert provided.run("whoami", "--json").data == {
        "person": "manager",
        "name": "見本 保護管理者",
        "body": "digital-agency",
        "department": "account-registration",
        "department_name": "口座登録担当",
    }
    assert provided.run("inbox").status == 0
    assert provided.run("review", "list").status == 0
    for arguments in (("inbox",), ("review", "list")):
        refused = provided.run(*arguments, "--as", "chief")
        assert (refused.status, "--as（MINAOSHI_AS）は使えません" in refused.err) == (2, True)
    named = Terminal(provided.settings, {**provided.more, "MINAOSHI_AS": "chief"})
    assert named.run("inbox").status == 2


async def test_signing_out_ends_the_session_and_says_the_way_out_of_the_provider(provided: Terminal) -> None:
    await _sign_in(provided, "manager")
    kept = _session(provided).read_text(encoding="ascii")
    ended = provided.run("sign-out")
    assert ended.status == 0
    assert re.search(r"サインアウトしました。\n.*http://localhost:\d+/oauth2/end_session", ended.out)
    assert not _session(provided).exists()
    _session(provided).write_text(kept, encoding="ascii")
    _session(provided).chmod(0o600)
    assert provided.run("inbox").status == 2
    again = provided.run("sign-out")
    assert again.status == 0
    assert provided.run("sign-out").out == "サインインしていません。\n"


async def test_signing_out_everywhere_ends_the_sessions_of_other_machines(provided: Terminal, tmp_path: Path) -> None:
    await _sign_in(provided, "manager")
    state = {"MINAOSHI_SESSION_FILE": "", "XDG_STATE_HOME": str(tmp_path / "state")}
    other = Terminal(provided.settings, {**provided.more, **state})
    await _sign_in(other, "manager")
    assert (tmp_path / "state" / "minaoshi" / "session").exists()
    assert other.run("whoami").out == "見本 保護管理者（manager）　口座登録担当\n"
    assert provided.run("sign-out", "--everywhere").out.startswith("すべての場所で")
    gone = other.run("whoami")
    assert (gone.status, gone.out) == (1, "サインインしていません。\n")


async def test_a_session_that_others_can_read_is_not_used(provided: Terminal) -> None:
    await _sign_in(provided, "manager")
    _session(provided).chmod(0o644)
    refused = provided.run("inbox")
    assert (refused.status, "ほかの人が読めます" in refused.err) == (2, True)


async def test_who_is_not_in_the_organisation_is_not_signed_in(provided: Terminal) -> None:
    status, said = await _sign_in(provided, "stranger")
    assert (status, "組織表にあなたがいません" in said, _session(provided).exists()) == (1, True, False)


def test_a_provider_without_the_device_flow_is_told_so(provided: Terminal) -> None:
    refused = provided.run("sign-in", "--device")
    assert (refused.status, "別の機械のブラウザーからサインインできません" in refused.err) == (1, True)


def test_a_provider_that_is_down_is_told_calmly(provided: Terminal) -> None:
    down = Terminal(provided.settings, {**provided.more, "MINAOSHI_OIDC_ISSUER": "http://127.0.0.1:1"})
    refused = down.run("sign-in")
    assert (refused.status, "認証サーバーに、今つながりません" in refused.err) == (3, True)


@pytest.mark.parametrize("arguments", [("inbox",), ("inbox", "--as", "manager"), ("sign-in",)])
def test_off_the_embedded_engine_a_provider_is_needed(elsewhere: Terminal, arguments: tuple[str, ...]) -> None:
    refused = elsewhere.run(*arguments)
    assert refused.status == 2
    assert "MINAOSHI_OIDC_ISSUER" in refused.err


def test_on_the_embedded_engine_one_says_who_one_is(terminal: Terminal) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    assert terminal.run("inbox", "--as", "manager").status == 0
    nobody = terminal.run("inbox")
    assert (nobody.status, "行為する職員の識別子を指定してください" in nobody.err) == (2, True)
    needless = terminal.run("sign-in")
    assert (needless.status, "サインインは要りません" in needless.err) == (2, True)
    assert terminal.run("whoami").status == 1
