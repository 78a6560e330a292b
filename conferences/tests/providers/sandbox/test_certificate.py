import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
import time_machine
from cryptography import x509

from conferences.providers.sandbox.certificate import Certificate, certificate


@pytest.fixture
def files(tmp_path: Path) -> Certificate:
    return certificate(tmp_path / "made" / "certificate.pem")


def _server(files: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(files.server.read_bytes())


def test_certificate_names_loopback_only(files: Certificate) -> None:
    names = _server(files).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["localhost", "127.0.0.1", "::1"]


def test_certificate_is_signed_by_the_authority(files: Certificate) -> None:
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    _server(files).verify_directly_issued_by(authority)
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is True


def test_bundle_is_the_public_roots_and_the_authority(files: Certificate) -> None:
    assert files.bundle.read_bytes() == Path(certifi.where()).read_bytes() + files.authority.read_bytes()


def test_private_key_is_for_its_owner_only(files: Certificate) -> None:
    assert stat.S_IMODE(files.server.stat().st_mode) == 0o600
    assert b"PRIVATE" not in files.authority.read_bytes() + files.bundle.read_bytes()


def test_certificate_is_used_again_while_it_is_valid(files: Certificate) -> None:
    before = files.server.read_bytes()
    assert certificate(files.authority) == files
    assert files.server.read_bytes() == before


@pytest.mark.parametrize("broken", [b"", b"-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n"])
def test_certificate_that_cannot_be_read_is_made_again(files: Certificate, broken: bytes) -> None:
    files.server.write_bytes(broken)
    certificate(files.authority)
    assert _server(files).not_valid_after_utc > datetime.now(UTC)


def test_certificate_of_another_authority_is_made_again(files: Certificate, tmp_path: Path) -> None:
    other = certificate(tmp_path / "other" / "certificate.pem")
    files.server.write_bytes(other.server.read_bytes())
    certificate(files.authority)
    assert files.server.read_bytes() != other.server.read_bytes()


def test_certificate_that_runs_out_soon_is_made_again(files: Certificate) -> None:
    before = _server(files)
    with time_machine.travel(before.not_valid_after_utc - timedelta(days=3), tick=False):
        certificate(files.authority)
    assert _server(files).not_valid_after_utc > before.not_valid_after_utc
