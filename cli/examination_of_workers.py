"""ワーカーの診断 (examination of the workers): who is given work, and how a change of versions stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.examination_lines import Line, State

if TYPE_CHECKING:
    from engine.deployment import DeploymentSeen
    from engine.health import TaskQueueSeen


def judge_workers(seen: TaskQueueSeen, *, queue: str, deployment: str, installed: str) -> Line:
    """ワーカー: whether one is given work, of the installed version, and whether another waits in vain."""
    if not seen.workers:
        return Line("workers", "none", State.MEND, {"queue": queue})
    given_work = [worker for worker in seen.workers if worker.deployment in seen.given_work]
    idle = [worker for worker in seen.workers if worker.deployment not in seen.given_work]
    others = sorted({worker.version or "?" for worker in given_work} - {installed})
    values: dict[str, Any] = {
        "queue": queue,
        "number": len(given_work),
        "identities": ", ".join(worker.identity for worker in given_work or seen.workers),
        "idle": ", ".join(worker.identity for worker in idle),
        "installed": installed,
        "others": ", ".join(others),
        "current": seen.current,
        "deployment_name": seen.deployment_name,
    }
    if not given_work:
        return Line("workers", _why_none(seen, deployment=deployment), State.MEND, values)
    if others and not any(worker.version == installed for worker in given_work):
        if any(worker.version == installed for worker in idle):
            return Line("workers", "waiting", State.WARNING, values)
        return Line("workers", "other_version", State.MEND, values)
    if others:
        return Line("workers", "mixed", State.WARNING, values)
    return Line("workers", "idle", State.WARNING, values) if idle else Line("workers", "there", values=values)


def _why_none(seen: TaskQueueSeen, *, deployment: str) -> str:
    """Say why none of those who ask is given work."""
    if not seen.current:
        return "no_current"
    if seen.deployment_name != deployment:
        return "shut_out"
    return "not_current" if any(worker.deployment for worker in seen.workers) else "unversioned"


def judge_versions(seen: DeploymentSeen) -> Line:
    """ワーカーの版: which is current, and what of a change is not yet at its end."""
    pinned = {one.build_id: one.pinned for one in seen.versions if one.pinned}
    draining = [one.build_id for one in seen.versions if one.status == "draining"]
    values: dict[str, Any] = {
        "deployment": seen.name,
        "current": seen.current or "-",
        "ramping": seen.ramping,
        "percentage": seen.percentage,
        "draining": ", ".join(draining),
        "pinned": ", ".join(f"{build_id}: {number}" for build_id, number in pinned.items()),
    }
    if not seen.versions:
        return Line("versions", "none", values=values)
    if pinned:
        return Line("versions", "pinned", State.WARNING, values)
    if not seen.current:
        return Line("versions", "no_current", State.WARNING, values)
    if seen.ramping:
        return Line("versions", "ramping", State.WARNING, values)
    return (
        Line("versions", "draining", State.WARNING, values) if draining else Line("versions", "current", values=values)
    )
