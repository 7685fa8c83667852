"""What all tests share: the real embedded server, once for the whole run, and an end that keeps the exit status."""

import os
import random
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import hypothesis
import pytest
from temporalio.client import Client

from engine.connection import connect_embedded
from engine.exit import end_process
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from settings import PREFIX, Settings

# Below the ports that the operating system hands out by itself, so that nobody takes one between choice and use.
_PORTS = range(15000, 30000)

# A busy machine is no fault of a rule.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

_SESSION = pytest.StashKey[pytest.Session]()


def pytest_configure() -> None:
    """Let no variable of the developer's own shell reach a test."""
    for name in [name for name in os.environ if name.startswith(("TEMPORAL_", PREFIX))]:
        del os.environ[name]


def pytest_sessionfinish(session: pytest.Session) -> None:
    session.config.stash[_SESSION] = session


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End without tearing the interpreter down (see `engine.exit`), after every report has been written."""
    is_xdist_worker = hasattr(config, "workerinput")
    if _SESSION in config.stash and not is_xdist_worker:
        end_process(int(config.stash[_SESSION].exitstatus))


def free_port() -> int:
    while True:
        port = random.choice(_PORTS)  # noqa: S311 # nobody guards anything with it
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


@pytest.fixture(scope="session")
def settings_in() -> Callable[[Path], Settings]:
    """Make settings with the given home and free ports."""

    def make(home: Path) -> Settings:
        return Settings(
            home=home,
            temporal_port=free_port(),
            temporal_ui_port=free_port(),
            web_address=f"127.0.0.1:{free_port()}",
        )

    return make


@pytest.fixture
def settings(tmp_path: Path, settings_in: Callable[[Path], Settings]) -> Settings:
    """Return settings of the test's own, for tests that start their own server."""
    return settings_in(tmp_path / "home")


@pytest.fixture(scope="session")
async def server(
    tmp_path_factory: pytest.TempPathFactory, settings_in: Callable[[Path], Settings]
) -> AsyncIterator[EmbeddedServer]:
    """Run one real server for the whole run; a test that kills or stops a server starts its own."""
    settings = settings_in(tmp_path_factory.mktemp("server"))
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES) as running:
        yield running


@pytest.fixture(scope="session")
async def client_connection(server: EmbeddedServer) -> Client:
    return await connect_embedded(server.settings)
