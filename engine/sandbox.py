"""砂場 (sandbox): that of the SDK, which is not asked in what context each payload stands.

The SDK asks the sandbox for that anew with every payload, which costs a tenth of a worker's time. Our codec and
converters read no context: a payload is encrypted alike wherever it stands. One that does needs the plain sandbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

_NOWHERE = StorageDriverStoreContext(target=None)


class WithoutContexts(WorkflowRunner):
    """文脈のない実行 (runner without contexts): all but the contexts is the given runner's."""

    def __init__(self, runner: WorkflowRunner) -> None:
        self._runner = runner

    def prepare_workflow(self, defn: Any) -> None:
        """See whether the workflow can be run."""
        self._runner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Give the instance of one run."""
        return _Instance(self._runner.create_instance(det))

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        """Hand on which errors fail a workflow."""
        self._runner.set_worker_level_failure_exception_types(types)


class _Instance(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance) -> None:
        self._instance = instance

    def activate(self, act: Any) -> Any:
        return self._instance.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:  # noqa: ARG002 # the SDK's
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:  # noqa: ARG002 # the SDK's
        return _NOWHERE

    def get_info(self) -> Any:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()
