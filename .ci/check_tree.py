"""ファイルの確認 (Tree): no file is too long, badly named, names a package registry, or holds a private key."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 400
CODE = {".py", ".html", ".css", ".js", ".sh"}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "core", "manager"}
# They hold the registry's address on hundreds of lines; requirements.txt pins the same by hash.
LOCK_FILES = {"uv.lock", "pylock.toml", "poetry.lock", "pdm.lock", "Pipfile.lock", "package-lock.json", "yarn.lock"}
REGISTRY = re.compile(rb"\b(pypi|pythonhosted|npmjs|yarnpkg|crates)\.(org|io|com)\b|--(extra-)?index-url|--find-links")

# What an installation makes for itself at its first start.
KEY_FILES = {"keys.json", "signing-key.json", "checkpoint-keys.json"}
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def complaints(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    lines = content.count(b"\n")
    if path.suffix in CODE and lines > MOST_LINES:
        yield f"{path}: {lines} lines, more than {MOST_LINES}"
    if path.suffix in CODE and path.stem in NAMES_THAT_SAY_NOTHING:
        yield f"{path}: a name that does not say what is in it"
    if path.name in LOCK_FILES or "node_modules" in path.parts:
        yield f"{path}: does not belong into the repository"
    if path.name in KEY_FILES or PRIVATE_KEY.search(content):
        yield f"{path}: holds a private key"
    if path != Path(__file__).relative_to(Path.cwd()) and (found := REGISTRY.search(content)):
        yield f"{path}: holds the address of a package registry or an option for one ({found.group().decode()})"


def main() -> int:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]  # what is tracked, or will be
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = [path for name in listed if name and (path := Path(name)).is_file()]
    found = [complaint for path in paths for complaint in complaints(path)]
    print("\n".join([*found, f"tree: {len(paths)} files, {len(found)} complaints"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
