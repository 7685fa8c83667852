"""誤りの伝え方 (failures): how each kind of error is told, and the exit status that it gives."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from cli.exit_status import ExitStatus

if TYPE_CHECKING:
    from client.errors import CallerError


_OF_A_REFUSAL = {"act": "行為", "stage": "段階", "provision": "根拠"}


def tell(error: Exception, *, as_json: bool) -> ExitStatus | None:
    """Tell an error that a person can do something about, and give its exit status; None for a bug."""
    from client.errors import CallerError
    from engine.errors import EngineError
    from settings import SettingsError

    if isinstance(error, SettingsError):
        sys.stderr.write(f"{error}\n")
        return ExitStatus.USAGE
    if isinstance(error, EngineError):
        sys.stderr.write(f"{error}\n")
        return ExitStatus.NOT_REACHABLE
    if isinstance(error, CallerError):
        _tell_caller(error, as_json=as_json)
        return ExitStatus(error.exit_status)
    return None


def _tell_caller(error: CallerError, *, as_json: bool) -> None:
    if as_json:
        sys.stderr.write(json.dumps({"error": error.as_data()}, ensure_ascii=False) + "\n")
        return
    data = error.as_data()
    lines = [f"受け付けられません。{error.message}", f"  箇所: {error.where}"]
    lines += [f"  {title}: {data[name]}" for name, title in _OF_A_REFUSAL.items() if data.get(name)]
    faults = data.get("faults", ())
    if isinstance(faults, list):
        lines += [f"  - {fault}" for fault in faults]
    lines.append(f"  すべきこと: {error.remedy}")
    instead = data.get("instead")
    if isinstance(instead, list):
        lines += [f"  今できること: {one}" for one in instead]
    sys.stderr.write("\n".join(lines) + "\n")
