"""効いている設定 (effective configuration): what a process was told, so that a change of it can be seen.

A secret is never told: only whether there is one, and a digest with a key of the engine's data, by which it is seen
that it is another one.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from engine.keys import KeyRing, UnknownKeyError
from settings import Settings

_TEMPORAL = "TEMPORAL_"
_PLAIN = frozenset(
    f"{_TEMPORAL}{name}"
    for name in (
        "ADDRESS",
        "NAMESPACE",
        "TLS",
        "TLS_SERVER_CA_CERT_PATH",
        "TLS_SERVER_NAME",
        "TLS_CLIENT_CERT_PATH",
        "TLS_CLIENT_KEY_PATH",
        "CONFIG_FILE",
        "PROFILE",
    )
)
"""秘密でない変数: of Temporal's own variables those that hold no secret; whatever else there is may."""

_KEYED = "hmac"
_LONGEST = 500


def effective(settings: Settings, keys: KeyRing, *, before: Mapping[str, str]) -> dict[str, str]:
    """Give every setting by its name, with those of Temporal; one that is not set is not among them.

    A secret that is the same as `before` is given as it was, also after a rotation of the keys. Raises KeysError where
    there is a secret and no key.
    """
    told: dict[str, str] = {}
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if value is not None:
            told[name] = str(value)[:_LONGEST] if field.repr else _digest(name, _content(value), keys, before)
    for name, text in os.environ.items():
        if name.startswith(_TEMPORAL) and text:
            told[name] = text[:_LONGEST] if name in _PLAIN else _digest(name, text.encode(), keys, before)
    return dict(sorted(told.items()))


def _content(value: object) -> bytes:
    """Give what is secret: of a file what stands in it."""
    if isinstance(value, Path) and value.is_file():
        return value.read_bytes()
    return str(value).encode()


def _digest(name: str, content: bytes, keys: KeyRing, before: Mapping[str, str]) -> str:
    kind, _, rest = before.get(name, "").partition(":")
    key_id = rest.partition(":")[0]
    if kind == _KEYED:
        try:
            then = _keyed(name, content, key_id, keys.key(key_id))
        except UnknownKeyError:
            then = ""
        if hmac.compare_digest(then, before[name]):
            return then
    return _keyed(name, content, *keys.current())


def _keyed(name: str, content: bytes, key_id: str, key: bytes) -> str:
    own = hmac.digest(key, b"minaoshi configuration", "sha256")
    return f"{_KEYED}:{key_id}:{hmac.new(own, name.encode() + b'=' + content, sha256).hexdigest()}"
