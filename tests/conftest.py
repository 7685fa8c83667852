"""What all tests share: the real embedded server, once for the whole run, and an end that keeps the exit status."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from temporalio.client import Client
from temporalio.worker import WorkflowRunner

from engine.connection import connect_embedded
from engine.exit import end_process
from engine.ports import free_port
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from settings import PREFIX, Settings
from tests.house import House, open_house
from tests.new_register import database_url_in, drop_database, lay_database, use_postgres
from tests.postgres import Postgres, running_postgres

# A busy machine is no fault of a rule.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

_SESSION = pytest.StashKey[pytest.Session]()
_RUNNING = pytest.StashKey[ExitStack]()
_POSTGRES = pytest.StashKey[Postgres]()

NOT_ON = {"sqlite": "postgres", "postgresql": "sqlite"}
"""Which marker's tests are not run on which register."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--register", choices=tuple(NOT_ON), default="sqlite", help="on which database each register is")


def pytest_configure(config: pytest.Config) -> None:
    """Let no variable of the developer's own shell reach a test; run PostgreSQL where it is asked for."""
    for name in [name for name in os.environ if name.startswith(("TEMPORAL_", PREFIX))]:
        del os.environ[name]
    given = getattr(config, "workerinput", {}).get("postgres")
    if given is not None:
        config.stash[_POSTGRES] = Postgres(given)
    elif config.getoption("--register") == "postgresql":
        config.stash[_RUNNING] = ExitStack()
        config.stash[_POSTGRES] = config.stash[_RUNNING].enter_context(running_postgres())
    if _POSTGRES in config.stash:
        use_postgres(config.stash[_POSTGRES])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Let the processes of xdist share the server of the one that started them."""
    if _POSTGRES in node.config.stash:
        node.workerinput["postgres"] = node.config.stash[_POSTGRES].superuser


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what is meant for this register."""
    marker = NOT_ON[config.getoption("--register")]
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(marker)])
    items[:] = [item for item in items if not item.get_closest_marker(marker)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    session.config.stash[_SESSION] = session


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End without tearing the interpreter down (see `engine.exit`), after every report has been written."""
    if _RUNNING in config.stash:
        config.stash[_RUNNING].close()
    is_xdist_worker = hasattr(config, "workerinput")
    if _SESSION in config.stash and not is_xdist_worker:
        end_process(int(config.stash[_SESSION].exitstatus))


@pytest.fixture(scope="session")
def settings_in() -> Callable[[Path], Settings]:
    """Make settings with the given home and free ports; on PostgreSQL with a register that its owner has migrated."""

    def make(home: Path) -> Settings:
        database_url = database_url_in(home)
        lay_database(database_url)
        return Settings(
            home=home,
            database_url=database_url,
            temporal_port=free_port(),
            temporal_ui_port=free_port(),
            web_address=f"127.0.0.1:{free_port()}",
        )

    return make


@pytest.fixture
def settings(tmp_path: Path, settings_in: Callable[[Path], Settings]) -> Iterator[Settings]:
    """Give settings of the test's own, for tests that start their own server."""
    own = settings_in(tmp_path / "home")
    yield own
    drop_database(own.database_url)


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


@pytest.fixture
def runner() -> WorkflowRunner | None:
    """Give what the workers of the houses run workflows in: as at work."""
    return None


@pytest.fixture
async def empty_house(
    client_connection: Client, server: EmbeddedServer, tmp_path: Path, runner: WorkflowRunner | None
) -> AsyncIterator[House]:
    """Furnish a house without a worker, with a register of its own on the run's real server."""
    async with open_house(client_connection, server.settings, tmp_path, runner=runner) as house:
        await house.furnish()
        yield house


@pytest.fixture
async def house(empty_house: House) -> AsyncIterator[House]:
    """Give that house with its worker."""
    async with empty_house.worker():
        yield empty_house
