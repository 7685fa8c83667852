"""メールの保管 (keeping): each mail whole, as a file under its SHA-256, before anybody is told that it was taken.

Beside `<sha256>.eml` stand `<sha256>.json`, when and from whom it came, and `<sha256>.taken` once it was taken in.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hotline.reading import read_mail
from schemas.canonical import sha256_of
from schemas.hotline import IncomingMail

_FOR_US_ALONE = 0o700


class KeptMails:
    """保管したメール (kept mails) in a folder; nothing is ever deleted there. `own_domain`: that of our notices."""

    def __init__(self, folder: Path, *, own_domain: str | None = None) -> None:
        self._folder = folder
        self._own_domain = own_domain

    def keep(self, content: bytes, *, sender: str | None, at: datetime) -> str:
        """Write the mail to the disk, for certain, and give its SHA-256; one that is there stays as it came first.

        Raises OSError when it can't be written: then it was not taken.
        """
        self._folder.mkdir(mode=_FOR_US_ALONE, parents=True, exist_ok=True)
        sha256 = sha256_of(content)
        if not self._path(sha256, "eml").exists():
            came = {"received_at": at.isoformat(), "envelope_sender": sender}
            self._write(self._path(sha256, "json"), json.dumps(came, ensure_ascii=True).encode())
            self._write(self._path(sha256, "eml"), content)
        return sha256

    def waiting(self) -> tuple[str, ...]:
        """Give those that were not taken in yet, the oldest first."""
        kept = {path.stem: path.stat().st_mtime_ns for path in self._folder.glob("*.eml")}
        taken = {path.stem for path in self._folder.glob("*.taken")}
        return tuple(sorted(kept.keys() - taken, key=lambda one: (kept[one], one)))

    def read(self, sha256: str) -> IncomingMail:
        """Read one; raises OSError when it is not there."""
        path = self._path(sha256, "eml")
        sender, at = self._came(sha256)
        at = at or datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        content = path.read_bytes()
        return read_mail(content, received_at=at, envelope_sender=sender, own_domain=self._own_domain)

    def mark_taken(self, sha256: str, *, as_: str, at: datetime) -> None:
        """Write down as what it was taken in."""
        self._write(self._path(sha256, "taken"), f"{at.isoformat()} {as_}\n".encode())

    def _came(self, sha256: str) -> tuple[str | None, datetime | None]:
        try:
            came = json.loads(self._path(sha256, "json").read_bytes())
            return came["envelope_sender"], datetime.fromisoformat(came["received_at"])
        except (OSError, ValueError, KeyError, TypeError):
            # The mail itself is what counts; the file's own date tells when it came.
            return None, None

    def _path(self, sha256: str, kind: str) -> Path:
        return self._folder / f"{sha256}.{kind}"

    def _write(self, path: Path, content: bytes) -> None:
        """Write the whole file or nothing, so that it outlives a loss of power."""
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
