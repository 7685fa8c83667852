"""砂場 (sandbox): in which the tests of the workflows run them, and no worker does at work (docs/decisions/0039)."""

from typing import Any

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy


class _Sandbox(SandboxedWorkflowRunner):
    """Sandbox that looks at each workflow once: every test starts a worker of its own, on the same modules."""

    _looked_at: set[type] = set()  # noqa: RUF012 # of the process

    def prepare_workflow(self, defn: Any) -> None:
        if defn.cls not in self._looked_at:
            super().prepare_workflow(defn)
            self._looked_at.add(defn.cls)


SANDBOX = _Sandbox(
    # Signatures are verified in validators, which never run on replay.
    restrictions=SandboxRestrictions.default.with_passthrough_modules("cryptography").with_import_notification_policy(
        SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    )
)
"""What looks at a clock, draws lots or reaches outside is stopped, and a module that is loaded anew unforeseen too."""
