"""砂場 (sandbox): in which the tests of the workflows run them, and no worker does at work (docs/decisions/0039)."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

SANDBOX = SandboxedWorkflowRunner(
    # Signatures are verified in validators, which never run on replay.
    restrictions=SandboxRestrictions.default.with_passthrough_modules("cryptography").with_import_notification_policy(
        SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    )
)
"""What looks at a clock, draws lots or reaches outside is stopped, and a module that is loaded anew unforeseen too."""
