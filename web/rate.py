"""試みの上限 (rate): how often one may try to sign in or to open a link, by where one comes from and in whose name."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from fastapi import Request

_MOST_KEPT = 50_000
"""So many are remembered; beyond that, who tried longest ago is forgotten."""

_LONGEST_NAME = 200

_IPV6_HOUSEHOLD = 64
"""Bits of an IPv6 address that one household or machine has; the others it chooses as it likes."""


@dataclass(frozen=True)
class Limit:
    """上限 (limit): so many at once, and then one after each so many seconds."""

    at_once: int
    then_every_s: float


PER_ADDRESS = Limit(at_once=120, then_every_s=1.0)
"""A whole office may come by one address in the morning."""

PER_PERSON = Limit(at_once=10, then_every_s=30.0)
"""How often a sign-in is tried in one person's name, from wherever."""


class TooManyTriesError(Exception):
    """試みすぎ (too many tries): to be tried again after so many seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"to be tried again in {wait_s:.0f} s")
        self.wait_s = wait_s


class Tries:
    """試み (tries): of each who tries one number is kept: until when what they did is too much to do more of it."""

    def __init__(
        self,
        *,
        per_address: Limit = PER_ADDRESS,
        per_person: Limit = PER_PERSON,
        now: Callable[[], float] = time.monotonic,
        most_kept: int = _MOST_KEPT,
    ) -> None:
        self._per_address = per_address
        self._per_person = per_person
        self._now = now
        self._most_kept = most_kept
        self._full_until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_until)

    def count_from(self, address: str) -> None:
        """Count a try from an address. Raises TooManyTriesError where it is too many: that try counts for nothing."""
        self._count(("address", _household(address)), self._per_address)

    def count_for(self, person: str) -> None:
        """Count a try in a person's name, known or not, as above."""
        self._count(("person", person[:_LONGEST_NAME]), self._per_person)

    def see_from(self, address: str) -> None:
        """Raise as `count_from` does, and count nothing."""
        self._see(("address", _household(address)), self._per_address)

    def _see(self, who: tuple[str, str], limit: Limit) -> float:
        """Give from when the next try counts."""
        now = self._now()
        begin = max(now, self._full_until.get(who, now))
        wait_s = begin - now - (limit.at_once - 1) * limit.then_every_s
        if wait_s > 0:
            raise TooManyTriesError(wait_s)
        return begin

    def _count(self, who: tuple[str, str], limit: Limit) -> None:
        self._full_until[who] = self._see(who, limit) + limit.then_every_s
        self._full_until.move_to_end(who)
        if len(self._full_until) > self._most_kept:
            self._full_until.popitem(last=False)


def tries(request: Request) -> Tries:
    """Give the tries of this application."""
    found: Tries = request.app.state.tries
    return found


def address_of(request: Request) -> str:
    """Give where a request comes from: behind a proxy that is trusted, what the proxy says."""
    return request.client.host if request.client else ""


def _household(address: str) -> str:
    """Give the part of an address that its owner can't choose."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(int(found) >> (128 - _IPV6_HOUSEHOLD))
    return address
