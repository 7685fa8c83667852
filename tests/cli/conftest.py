"""端末: one without an engine, one beside a running `minaoshi up`."""

from collections.abc import Iterator

import pytest

from settings import Settings
from tests.cli.terminal import MakeSettings, Terminal
from tests.cli.test_ways_back import furnish


@pytest.fixture
def terminal(settings: Settings) -> Terminal:
    """Give a terminal in an empty home, with no engine."""
    return Terminal(settings)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, settings_in: MakeSettings) -> Iterator[Terminal]:
    """Give a terminal beside `minaoshi up`."""
    terminal = Terminal(settings_in(tmp_path_factory.mktemp("running") / "home"))
    process = terminal.start("up")
    assert process.stdout is not None
    assert "動いています" in process.stdout.readline().decode()
    yield terminal
    process.terminate()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.fixture(scope="module")
def furnished(running: Terminal) -> Terminal:
    """Give that terminal with an organisation and assessments."""
    furnish(running)
    return running
