"""命令 (command line): `minaoshi`, the same verbs as the facade for a terminal."""

from __future__ import annotations

import sys
import traceback
from functools import cache
from typing import Any, cast

import typer
from typer.main import get_command

from cli import (
    assessment,
    audit,
    backup,
    breach,
    circular,
    countermeasure,
    duty,
    event,
    explain,
    guidance,
    keys,
    logs,
    organisation,
    plan,
    privacy_audit,
    procedure,
    reconcile,
    register,
    report,
    rule,
    running,
    schedule,
    signing_in,
    threshold,
    training,
    version,
)
from cli.exit_status import ExitStatus
from cli.failures import in_japanese, tell
from cli.inbox import app as notice_app
from cli.inbox import show_inbox
from engine.exit import end_process

app = typer.Typer(
    name="minaoshi",
    help="特定個人情報保護評価書の見直し",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(running.up)
app.command("demo")(running.demo)
app.command("doctor")(running.doctor)
app.command("worker")(running.worker)
app.command("hotline")(running.hotline)
app.command("web")(running.web)
app.command("sign-in")(signing_in.sign_in)
app.command("sign-out")(signing_in.sign_out)
app.command("whoami")(signing_in.whoami)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("reconcile")(reconcile.reconcile)
app.add_typer(keys.app, name="keys")
app.command("threshold")(threshold.threshold)
app.command("inbox")(show_inbox)
app.add_typer(organisation.app, name="organisation")
app.add_typer(assessment.app, name="assessment")
app.add_typer(plan.app, name="plan")
app.add_typer(explain.app, name="explain")
app.add_typer(report.app, name="report")
app.add_typer(procedure.review_app, name="review")
app.add_typer(notice_app, name="notice")
app.add_typer(countermeasure.app, name="countermeasure")
app.add_typer(guidance.app, name="guidance")
app.add_typer(duty.app, name="duty")
app.add_typer(circular.app, name="circular")
app.add_typer(rule.app, name="rule")
app.add_typer(training.app, name="training")
app.add_typer(privacy_audit.app, name="privacy-audit")
app.add_typer(logs.app, name="logs")
app.add_typer(event.app, name="event")
app.add_typer(breach.app, name="breach")
app.add_typer(schedule.app, name="schedule")
app.add_typer(audit.app, name="audit")
app.add_typer(register.app, name="register")
app.add_typer(version.app, name="version")


_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
"""使い方の誤り: Typer gives its base class no public name."""


@cache
def commands() -> Any:
    """Put all commands together, once in a process: a sixth of a second that `tests.cli.warm` spends beforehand."""
    return get_command(app)


def run() -> None:
    """Run the command line, and end the process for certain."""
    end_process(_status())


def _status() -> int:
    """Give the exit status: this is the outermost handler."""
    try:
        ended = commands()(standalone_mode=False)
    except Exception as error:  # noqa: BLE001 # one of the two outermost handlers
        return _status_of(error)
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    return ended if isinstance(ended, int) else ExitStatus.DONE


def _status_of(error: Exception) -> int:
    if isinstance(error, _UsageError):
        error.message = in_japanese(error.message)
        error.show()
        return ExitStatus.USAGE
    if isinstance(error, typer.Abort):
        return ExitStatus.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return ExitStatus.DONE
    told = tell(error, as_json="--json" in sys.argv)
    if told is None:
        traceback.print_exception(error)
        return ExitStatus.BUG
    return told
