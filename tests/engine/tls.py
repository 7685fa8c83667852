"""TLS の扉 (a door with TLS): certificates of the test's own, and a proxy that ends TLS in front of a plain server."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NAMES = (x509.DNSName("temporal.example"), x509.IPAddress(ip_address("127.0.0.1")))
_CHUNK = 65536


@dataclass(frozen=True)
class Authority:
    """認証局 (authority): makes certificates in a folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def made_in(cls, folder: Path) -> Authority:
        made = cls(folder, ec.generate_private_key(ec.SECP256R1()))
        whole = made._builder("authority", made.key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        made._write("ca", whole.sign(made.key, hashes.SHA256()), made.key)
        return made

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str) -> tuple[Path, Path]:
        """Issue a certificate, and give its file and its key's."""
        key = ec.generate_private_key(ec.SECP256R1())
        whole = (
            self._builder(name, key)
            .add_extension(x509.SubjectAlternativeName(_NAMES), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        )
        self._write(name, whole.sign(self.key, hashes.SHA256()), key)
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def _builder(self, name: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named("authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
        )

    def _write(self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        plain = serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        (self.folder / f"{name}.key").write_bytes(private)
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


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
