"""自分のサイト (own site): under which address people open the pages, and what a browser says that comes from there."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers

_TWO_YEARS_S = 63_072_000

_EVERYWHERE = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_STATIC = "/static/"


@dataclass(frozen=True)
class Site:
    """自分のサイト: by its address, as it stands in mails."""

    url: str

    @property
    def is_behind_tls(self) -> bool:
        """Whether people open it by TLS: then browsers are told never to come otherwise."""
        return urlsplit(self.url).scheme == "https"

    def headers(self, path: str) -> dict[str, str]:
        """Give what each answer tells the browser, unless it says something else itself.

        Nothing that is shown to somebody is kept by the browser; what belongs to no one is asked for anew, and not
        sent again where it is the same.
        """
        told = {**_EVERYWHERE, "Cache-Control": "no-cache" if path.startswith(_STATIC) else "no-store"}
        if self.is_behind_tls:
            told["Strict-Transport-Security"] = f"max-age={_TWO_YEARS_S}"
        return told

    def has_host(self, host: str) -> bool:
        """Say whether a request means this site by its Host.

        A page elsewhere may let its own name lead to this machine, and would then count as ours; a bare address it
        can't take for itself.
        """
        name = _split(f"//{host}").hostname or ""
        return name in {"localhost", urlsplit(self.url).hostname} or _is_address(name)

    def sent(self, headers: Headers) -> bool:
        """Say whether a form comes from a page of ours, as far as the browser says: each of the last years does.

        What says nothing of where it comes from is no browser that another page could have made send it.
        """
        if (fetched := headers.get("sec-fetch-site")) is not None:
            return fetched in {"same-origin", "none"}
        came_from = headers.get("origin", headers.get("referer"))
        own = {urlsplit(self.url).netloc, headers.get("host", "")}
        return came_from is None or _split(came_from).netloc in own - {""}


def _split(address: str) -> SplitResult:
    try:
        found = urlsplit(address)
        found.port  # noqa: B018 # raises where it is no number
    except ValueError:
        return urlsplit("")
    return found


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
