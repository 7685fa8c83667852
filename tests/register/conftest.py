"""A register of the test's own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register.database import open_database
from register.register import Register
from tests.new_register import drop_database, lay_register, new_register, register_url_in
from tests.register import samples
from tests.register.filling import fill
from tests.tampering import administering


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """Give the address of a register that has its tables and nothing in them."""
    address = register_url_in(tmp_path)
    await lay_register(address)
    yield address
    drop_database(address)


@pytest.fixture
async def register(url: str) -> AsyncIterator[Register]:
    opened = Register(open_database(url))
    yield opened
    await opened.close()


@pytest.fixture
async def with_assessment(register: Register) -> Register:
    """Return a register that holds the assessment of the samples."""
    document = samples.document()
    await register.add_assessment(samples.new_assessment(), **samples.first_version(document))
    return register


@pytest.fixture(scope="module")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Give the address, for the role that writes, of a register with a row in each table; nobody writes into it."""
    address = register_url_in(tmp_path_factory.mktemp("filled"))
    writing = await new_register(address)
    await fill(writing)
    await writing.close()
    yield address
    drop_database(address)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Return a way past the register, for tests that look at, or tamper with, the rows themselves."""
    with administering(url) as opened:
        yield opened
