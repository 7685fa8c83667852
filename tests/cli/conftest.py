"""端末: one without an engine, others beside a running `minaoshi up`."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from settings import Settings
from tests.cli.terminal import MakeSettings, Terminal
from tests.cli.test_ways_back import furnish
from tests.new_register import lay_register


@pytest.fixture
def bare(settings: Settings) -> Terminal:
    """Give a terminal in an empty home, with no engine."""
    return Terminal(settings)


@pytest.fixture
async def terminal(settings: Settings) -> Terminal:
    """Give a terminal in a home with nothing but the tables of a register, and with no engine."""
    await lay_register(settings.register_url)
    return Terminal(settings)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, settings_in: MakeSettings) -> Iterator[Terminal]:
    """Give a terminal beside a `minaoshi up` that many tests share: each looks at what it has made itself."""
    with beside_up(settings_in(tmp_path_factory.mktemp("running") / "home")) as terminal:
        yield terminal


@pytest.fixture
def alone(settings: Settings) -> Iterator[Terminal]:
    """Give a terminal beside a `minaoshi up` of the test's own, which looks at all that there is."""
    with beside_up(settings) as terminal:
        yield terminal


@contextmanager
def beside_up(settings: Settings) -> Iterator[Terminal]:
    terminal = Terminal(settings)
    process = terminal.start("up")
    assert process.stdout is not None
    assert "動いています" in process.stdout.readline().decode()
    yield terminal
    process.terminate()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.fixture(scope="session")
def furnished(running: Terminal) -> Terminal:
    """Give the shared terminal with an organisation and assessments."""
    furnish(running)
    return running
