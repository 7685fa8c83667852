"""ライセンスの確認 (Licences): every package of requirements.txt is under a licence that this project may use.

GPL and AGPL are refused, as is whatever is not listed here. LGPL and MPL are allowed, unmodified, and are listed.
"""

import json
import re
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

from packaging.requirements import Requirement

ALLOWED = {
    "0bsd",
    "3-clause bsd license",
    "apache software license",
    "apache-2.0",
    "bsd license",
    "bsd-2-clause",
    "bsd-3-clause",
    "isc",
    "isc license (iscl)",
    "mit",
    "mit license",
    "mit-0",
    "psf-2.0",
    "python software foundation license",
}
ALLOWED_UNMODIFIED = re.compile(
    r"mpl-2\.0|mozilla public license 2\.0 \(mpl 2\.0\)|lgpl-(2\.1|3\.0)-(only|or-later)"
    r"|gnu (library or )?lesser general public license .*\(lgplv?[\d.+]*\)"
)


TOLD_BY_THEIR_TEXT = {"axe-playwright-python": ("MIT License", "MIT AND MPL-2.0")}
"""Packages that name no licence: how their own text begins, and what that is (with axe-core, which they carry)."""


def names_in(requirements: Path) -> list[str]:
    """Name the packages that this interpreter on this system needs."""
    lines = (line.removesuffix("\\").strip() for line in requirements.read_text(encoding="utf-8").splitlines())
    required = [Requirement(line) for line in lines if line and not line.startswith(("#", "--"))]
    return [one.name for one in required if one.marker is None or one.marker.evaluate()]


def licences_of(names: list[str]) -> dict[str, str]:
    command = [
        sys.executable,
        "-m",
        "piplicenses",
        "--format=json",
        "--from=mixed",
        "--with-system",
        "--packages",
        *names,
    ]
    listed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {package["Name"]: _named(package["Name"], package["License"]) for package in listed}


def _named(name: str, licence: str) -> str:
    begins, is_called = TOLD_BY_THEIR_TEXT.get(name, ("", ""))
    if not begins:
        return licence
    texts = [file for file in files(name) or [] if file.name == "LICENSE"]
    return is_called if any(text.read_text().lstrip().startswith(begins) for text in texts) else licence


def is_allowed(licence: str) -> bool:
    """Judge one name, or names joined by `;` or AND (all must do) or OR (one must do); a mixture is for a person."""
    name = licence.strip(" ()") if " AND " in licence or " OR " in licence else licence.strip()
    if name.casefold() in ALLOWED or ALLOWED_UNMODIFIED.fullmatch(name.casefold()):
        return True
    if ";" in licence:
        return all(is_allowed(part) for part in licence.split(";"))
    if " AND " in licence and " OR " in licence:
        return False
    if " AND " in licence:
        return all(is_allowed(part) for part in licence.split(" AND "))
    return " OR " in licence and any(is_allowed(part) for part in licence.split(" OR "))


def main(requirements: Path) -> int:
    names = names_in(requirements)
    licences = licences_of(names)
    missing = {normal(name) for name in names} - {normal(name) for name in licences}
    refused = {name: licence for name, licence in licences.items() if not is_allowed(licence)}
    unmodified = {name: licence for name, licence in licences.items() if ALLOWED_UNMODIFIED.search(licence.casefold())}
    for name, licence in sorted(unmodified.items()):
        print(f"allowed unmodified: {name} ({licence})")
    for name, licence in sorted(refused.items()):
        print(f"REFUSED: {name} ({licence})")
    for name in sorted(missing):
        print(f"NOT INSTALLED, so not checked: {name}")
    print(f"licences: {len(licences)} packages, {len(refused)} refused, {len(missing)} not installed")
    return 1 if refused or missing else 0


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "requirements.txt")))
