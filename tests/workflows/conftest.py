"""Workflow のテスト: in the sandbox, some of them on a server that skips time, or beside a mail server."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import WorkflowRunner

from tests.notices.post_office import PostOffice
from tests.workflows.sandbox import SANDBOX
from tests.workflows.skipping import skipping_environment


@pytest.fixture
def runner() -> WorkflowRunner:
    """Let the workers of the houses here run workflows in the sandbox, which finds what no workflow may do."""
    return SANDBOX


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_environment() as running:
        yield running


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with PostOffice() as office:
        yield office
