"""外のエンジン (external engine): all that Temporal's own variables and file can say, against a real server."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from temporalio.client import Client

from engine.connection import connect, load_connection
from engine.errors import ConnectionSettingsError, EngineNotReachableError
from engine.obstacles import Obstacle
from engine.server import EmbeddedServer
from settings import Settings
from tests.engine.probes import is_open, start_review
from tests.engine.tls import Authority, Door, a_door

# HPACK writes a header's value in Huffman code (RFC 7541, appendix B); these are the letters that are needed here.
HUFFMAN = {
    " ": "010100",
    "B": "1011101",
    "a": "00011",
    "c": "00100",
    "e": "00101",
    "r": "101100",
    "s": "01000",
    "t": "01001",
}
KEY = "secret"


def in_huffman(value: str) -> bytes:
    bits = "".join(HUFFMAN[letter] for letter in value)
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


@pytest.fixture(autouse=True)
def _home_without_temporal_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made_in(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
async def guarded(server: EmbeddedServer, authority: Authority) -> AsyncIterator[Door]:
    """Open a door that lets in nobody without a certificate."""
    port = server.settings.temporal_port
    async with a_door(authority, to_port=port, client_certificate=ssl.CERT_REQUIRED) as door:
        yield door


@pytest.fixture(scope="module")
async def unguarded(server: EmbeddedServer, authority: Authority) -> AsyncIterator[Door]:
    """Open a door that speaks TLS and asks for no certificate."""
    async with a_door(authority, to_port=server.settings.temporal_port, client_certificate=ssl.CERT_NONE) as door:
        yield door


@pytest.fixture(scope="module")
def certified(authority: Authority) -> dict[str, str]:
    certificate, key = authority.issue("client")
    return {"TEMPORAL_TLS_CLIENT_CERT_PATH": str(certificate), "TEMPORAL_TLS_CLIENT_KEY_PATH": str(key)}


@pytest.fixture
def trusting(authority: Authority) -> dict[str, str]:
    return {"TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(authority.certificate)}


def say(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


async def works(connected: Client, plain: Client) -> bool:
    """Tell whether what is started through the one connection is seen through the other."""
    review = f"external-{uuid.uuid4().hex[:8]}"
    return await is_open(plain, review, await start_review(connected, review))


async def refusal(settings: Settings) -> EngineNotReachableError:
    with pytest.raises(EngineNotReachableError) as refused:
        await connect(settings)
    return refused.value


async def test_the_address_is_temporals_own_variable(
    server: EmbeddedServer, settings: Settings, client_connection: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.settings.temporal_address)
    assert await works(await connect(settings), client_connection)


async def test_a_profile_of_the_file_is_chosen_by_its_name(
    server: EmbeddedServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text(
        f'[profile.default]\naddress = "{settings.temporal_address}"\n\n'
        f'[profile.production]\naddress = "{server.settings.temporal_address}"\nnamespace = "reviews"\n',
        encoding="utf-8",
    )
    say(monkeypatch, {"TEMPORAL_CONFIG_FILE": str(file), "TEMPORAL_PROFILE": "production"})
    connected = await connect(settings)
    assert connected.service_client.config.target_host == server.settings.temporal_address
    assert connected.namespace == "reviews"


async def test_with_a_certificate_the_guarded_door_opens(  # noqa: PLR0913, PLR0917 # fixtures
    guarded: Door,
    settings: Settings,
    client_connection: Client,
    certified: dict[str, str],
    trusting: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say(monkeypatch, {"TEMPORAL_ADDRESS": guarded.address, **certified, **trusting})
    assert await works(await connect(settings), client_connection)


async def test_certificates_of_a_profile_open_the_guarded_door(  # noqa: PLR0913, PLR0917 # fixtures
    guarded: Door,
    settings: Settings,
    client_connection: Client,
    certified: dict[str, str],
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text(
        f'[profile.default]\naddress = "{guarded.address}"\n\n[profile.default.tls]\n'
        f'client_cert_path = "{certified["TEMPORAL_TLS_CLIENT_CERT_PATH"]}"\n'
        f'client_key_path = "{certified["TEMPORAL_TLS_CLIENT_KEY_PATH"]}"\n'
        f'server_ca_cert_path = "{authority.certificate}"\nserver_name = "temporal.example"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    assert await works(await connect(settings), client_connection)


async def test_without_a_certificate_the_guarded_door_stays_shut_and_says_what_is_missing(
    guarded: Door, settings: Settings, trusting: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = guarded.visitors
    say(monkeypatch, {"TEMPORAL_ADDRESS": guarded.address, **trusting})
    error = await refusal(settings)
    assert error.obstacle is Obstacle.CLIENT_CERTIFICATE_WANTED
    assert "TEMPORAL_TLS_CLIENT_CERT_PATH" in str(error)
    assert guarded.visitors == before


async def test_a_strangers_certificate_is_refused(
    guarded: Door,
    settings: Settings,
    trusting: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    before = guarded.visitors
    certificate, key = Authority.made_in(tmp_path).issue("stranger")
    own = {"TEMPORAL_TLS_CLIENT_CERT_PATH": str(certificate), "TEMPORAL_TLS_CLIENT_KEY_PATH": str(key)}
    say(monkeypatch, {"TEMPORAL_ADDRESS": guarded.address, **own, **trusting})
    error = await refusal(settings)
    assert error.obstacle is Obstacle.CLIENT_CERTIFICATE_REFUSED
    assert "発行者" in str(error)
    assert guarded.visitors == before


@pytest.mark.parametrize(
    "left_out", ["TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_KEY_PATH"], ids=["証明書なし", "鍵なし"]
)
def test_half_a_certificate_is_refused(
    certified: dict[str, str], monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    say(monkeypatch, {name: value for name, value in certified.items() if name != left_out})
    with pytest.raises(ConnectionSettingsError, match=f"{left_out}.*両方を指定"):
        load_connection()


BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("variable", "content"),
    [
        pytest.param("TEMPORAL_TLS_CLIENT_CERT_PATH", b"rubbish", id="証明書でない証明書"),
        pytest.param("TEMPORAL_TLS_CLIENT_CERT_PATH", BROKEN, id="壊れた証明書"),
        pytest.param("TEMPORAL_TLS_CLIENT_KEY_PATH", BROKEN, id="鍵でない鍵"),
        pytest.param("TEMPORAL_TLS_CLIENT_KEY_PATH", None, id="別の証明書の鍵"),
    ],
)
async def test_a_certificate_that_is_none_is_told_at_once(  # noqa: PLR0913, PLR0917 # fixtures and a table
    settings: Settings,
    certified: dict[str, str],
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variable: str,
    content: bytes | None,
) -> None:
    file = tmp_path / "broken.pem"
    if content is None:
        _, file = authority.issue("another")
    else:
        file.write_bytes(content)
    say(monkeypatch, {"TEMPORAL_ADDRESS": settings.temporal_address, **certified, variable: str(file)})
    error = await refusal(settings)
    assert error.obstacle is Obstacle.CLIENT_CERTIFICATE_BROKEN
    assert variable in str(error)


OBSTACLES = [
    pytest.param(
        {"TEMPORAL_TLS": "true"}, Obstacle.ISSUER_UNKNOWN, "TEMPORAL_TLS_SERVER_CA_CERT_PATH", id="知らない認証局"
    ),
    pytest.param(
        {"TEMPORAL_TLS_SERVER_NAME": "elsewhere.example"},
        Obstacle.NAME_DIFFERS,
        "TEMPORAL_TLS_SERVER_NAME",
        id="証明書と違う名前",
    ),
    pytest.param({"TEMPORAL_TLS": "false"}, Obstacle.TLS_WANTED, "TEMPORAL_TLS=true", id="TLSなし"),
]


@pytest.mark.parametrize(("variables", "obstacle", "words"), OBSTACLES)
async def test_what_stands_between_us_and_the_server_is_named(  # noqa: PLR0913, PLR0917 # fixtures
    unguarded: Door,
    settings: Settings,
    trusting: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    obstacle: Obstacle,
    words: str,
) -> None:
    trusted = {} if obstacle is Obstacle.ISSUER_UNKNOWN else trusting
    say(monkeypatch, {"TEMPORAL_ADDRESS": unguarded.address, **trusted, **variables})
    error = await refusal(settings)
    assert error.obstacle is obstacle
    assert words in str(error)


async def test_an_api_key_arrives_and_only_through_tls(  # noqa: PLR0913, PLR0917 # fixtures
    server: EmbeddedServer,
    unguarded: Door,
    settings: Settings,
    client_connection: Client,
    trusting: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say(monkeypatch, {"TEMPORAL_ADDRESS": unguarded.address, "TEMPORAL_API_KEY": KEY, **trusting})
    assert await works(await connect(settings), client_connection)
    assert in_huffman(f"Bearer {KEY}") in unguarded.received
    # The embedded server speaks no TLS: rather than send the key in clear, nothing is sent.
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.settings.temporal_address)
    error = await refusal(settings)
    assert error.obstacle is Obstacle.SERVER_WITHOUT_TLS
    assert KEY not in str(error)
