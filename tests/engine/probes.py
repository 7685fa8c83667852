"""What the tests of the engine ask a server."""

import psutil
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from engine.patience import comes_true


def is_alive(pid: int) -> bool:
    """Tell a process that runs from one that is gone, or dead and not yet collected by its parent."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def gone(pid: int) -> None:
    assert await comes_true(lambda: not is_alive(pid), within=10)


async def start_review(client: Client, review: str, *, found_by: str = "MinaoshiBody") -> str:
    """Start a workflow that no worker takes, and return its run id."""
    pair = SearchAttributePair(SearchAttributeKey.for_keyword(found_by), "北海町")
    handle = await client.start_workflow(
        "AnyWorkflow", id=review, task_queue="nobody", search_attributes=TypedSearchAttributes([pair])
    )
    assert handle.first_execution_run_id is not None
    return handle.first_execution_run_id


async def is_open(client: Client, review: str, run: str) -> bool:
    description = await client.get_workflow_handle(review, run_id=run).describe()
    return description.status is WorkflowExecutionStatus.RUNNING
