"""A provider's site on this machine: TLS with a certificate of its own authority, and one answer for everybody."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api import clock

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """Signs certificates."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def made(cls, name: str) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _named(name)
        parts = _draft(subject, subject, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        return cls(key, parts.add_extension(own, False).add_extension(usage, True).sign(key, hashes.SHA256()))

    def kept_in(self, file: Path) -> Path:
        """The certificate in a file, for whoever is to trust it."""
        file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return file

    def serving(self, folder: Path, address: str = "127.0.0.1", *, ended: bool = False) -> ssl.SSLContext:
        """What a server needs to be this address, with a certificate that may have ended yesterday."""
        key = ec.generate_private_key(ec.SECP256R1())
        draft = _draft(_named("site"), self.certificate.subject, key, ended=ended)
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        signed = draft.add_extension(names, False).add_extension(issuer, False).sign(self.key, hashes.SHA256())
        both = folder / "site.pem"
        both.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, ended: bool = False
) -> x509.CertificateBuilder:
    now = clock.now()
    draft = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    draft = draft.serial_number(x509.random_serial_number()).not_valid_before(now - 9 * DAY)
    return draft.not_valid_after(now - DAY if ended else now + DAY)


@dataclass
class Site:
    """Where it stands, what was asked of it, and whether it breaks off."""

    address: str = ""
    asked: int = 0


@asynccontextmanager
async def site(context: ssl.SSLContext, pieces: list[bytes], pause: float = 0) -> AsyncIterator[Site]:
    """A server that answers each request with these pieces, with a pause before each."""
    here = Site()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            here.asked += 1
            for piece in pieces:
                await asyncio.sleep(pause)
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass  # the other side has had enough
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    here.address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"
    try:
        yield here
    finally:
        server.close()


def response(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer of HTTP."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body
