"""TLS の扉 (a door with TLS): certificates of the test's own, and a proxy that ends TLS in front of a plain server."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_NAMES = "subjectAltName=DNS:temporal.example,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n"
_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_CHUNK = 65536


@dataclass(frozen=True)
class Authority:
    """認証局 (authority): makes certificates in a folder, with the `openssl` program, for no package here can."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path) -> Authority:
        made = cls(folder)
        made._openssl(
            "req", "-x509", *_EC, "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem"
        )
        (folder / "names.cnf").write_text(_NAMES, encoding="utf-8")
        return made

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str) -> tuple[Path, Path]:
        """Issue a certificate, and give its file and its key's."""
        self._openssl("req", "-new", *_EC, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signer = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names.cnf")
        self._openssl("x509", "-req", "-in", f"{name}.csr", *signer, "-out", f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def _openssl(self, *arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments],  # noqa: S607 # the one on the path is meant
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@dataclass
class Door:
    """扉 (door): where it is, how many came in, and what they brought, unencrypted."""

    authority: Authority
    port: int = 0
    visitors: int = 0
    received: bytearray = field(default_factory=bytearray)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def a_door(authority: Authority, *, to_port: int, client_certificate: ssl.VerifyMode) -> AsyncIterator[Door]:
    """Open a door that speaks TLS and HTTP/2, in front of a server that speaks no TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.certificate)
    context.load_cert_chain(*authority.issue("server"))
    context.verify_mode = client_certificate
    context.set_alpn_protocols(["h2"])
    door = Door(authority)
    visits: set[asyncio.Task[None]] = set()

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", to_port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, inner_writer, door.received))
                both.create_task(_pass_on(inner_reader, writer, bytearray()))
        finally:
            for end in (writer, inner_writer):
                end.transport.abort()

    def come_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not called before TLS is agreed upon: so these are the ones that were let in.
        door.visitors += 1
        visits.add(asyncio.create_task(visit(reader, writer)))

    listening = await asyncio.start_server(come_in, "127.0.0.1", 0, ssl=context)
    door.port = listening.sockets[0].getsockname()[1]
    try:
        yield door
    finally:
        listening.close()
        for task in visits:
            task.cancel()
        await asyncio.gather(*visits, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, copy: bytearray) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while data := await reader.read(_CHUNK):
            copy.extend(data)
            writer.write(data)
            await writer.drain()
        writer.close()
