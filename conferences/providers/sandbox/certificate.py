"""A certificate authority of our own and a server certificate for loopback, made once and used until they run out."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = timedelta(days=365)
_RENEW_BEFORE = timedelta(days=7)
_NAMES = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("::1")),
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files in one folder. `bundle` (the public roots and our authority) is what REQUESTS_CA_BUNDLE wants."""

    authority: Path
    server: Path
    bundle: Path


def certificate(authority: Path) -> Certificate:
    """The authority's certificate goes to the given file, the rest beside it."""
    authority.parent.mkdir(parents=True, exist_ok=True)
    files = Certificate(authority, authority.with_name("server.pem"), authority.with_name("ca-bundle.pem"))
    if not _usable(files):
        _make(files)
    _write(files.bundle, Path(certifi.where()).read_bytes() + files.authority.read_bytes())
    return files


def _usable(files: Certificate) -> bool:
    try:
        authority, server = (
            x509.load_pem_x509_certificate(path.read_bytes()) for path in (files.authority, files.server)
        )
        server.verify_directly_issued_by(authority)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    return min(authority.not_valid_after_utc, server.not_valid_after_utc) > datetime.now(UTC) + _RENEW_BEFORE


def _make(files: Certificate) -> None:
    """The authority's own key is thrown away: nobody can ever sign anything else with it."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer, subject = _name("Sandbox authority"), _name("Sandbox")
    authority = (
        _builder(issuer, issuer, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    server = (
        _builder(subject, issuer, server_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_NAMES), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(files.server, private + server.public_bytes(pem), mode=0o600)
    _write(files.authority, authority.public_bytes(pem))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    unused = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
        **dict.fromkeys(unused, False),
    )


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Whole or not at all, so that a second sandbox never reads half a file."""
    draft = path.with_name(f".{path.name}.new")
    draft.touch(mode=mode)
    draft.chmod(mode)
    draft.write_bytes(content)
    draft.replace(path)
