"""Certificates for one test run: a CA that is trusted, one that is not, a server of the wrong name, a client."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KEY_PASSWORD = "a key's password"


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, PEM files."""

    cert: Path
    key: Path


@dataclass(frozen=True)
class Certificates:
    """What `make_certificates` has written."""

    ca: Path
    """The CA that signed `server`, `wrong_name` and `client`."""
    other_ca: Path
    """A CA that signed none of them: who trusts this one does not trust the server."""
    server: Pair
    """For localhost and 127.0.0.1; not for 127.0.0.2."""
    wrong_name: Pair
    """For broker.example alone."""
    expired: Pair
    """Like `server`, but its time was over yesterday."""
    client: Pair
    client_locked: Pair
    """The same client with its key encrypted with KEY_PASSWORD."""
    stranger: Pair
    """A client that `other_ca` signed."""


def make_certificates(folder: Path) -> Certificates:
    """Write all of them into the folder, valid from yesterday for a month."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, other = _Authority(folder, "ca", "stomptui test CA"), _Authority(folder, "other-ca", "some other CA")
    client = authority.issue("client", "tester", (), client=True)
    return Certificates(
        ca=authority.path,
        other_ca=other.path,
        server=authority.issue("server", "localhost", ("localhost", "127.0.0.1")),
        wrong_name=authority.issue("wrong-name", "broker.example", ("broker.example",)),
        expired=authority.issue("expired", "localhost", ("localhost", "127.0.0.1"), expired=True),
        client=client,
        client_locked=_locked(client, folder / "client-locked.key"),
        stranger=other.issue("stranger", "stranger", (), client=True),
    )


class _Authority:
    def __init__(self, folder: Path, file_name: str, common_name: str) -> None:
        self.folder = folder
        self.path = folder / f"{file_name}.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(common_name)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        own_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self._certificate = (
            _builder(self._name, self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(own_id, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(
        self, file_name: str, common_name: str, names: tuple[str, ...], client: bool = False, expired: bool = False
    ) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            _builder(_name(common_name), self._name, key.public_key(), expired)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(issuer_id, critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(n) for n in names]), False)
        pair = Pair(self.folder / f"{file_name}.pem", self.folder / f"{file_name}.key")
        pair.cert.write_bytes(
            builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
            + self._certificate.public_bytes(serialization.Encoding.PEM)
        )
        _write_key(key, pair.key, serialization.NoEncryption())
        return pair


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, expired: bool = False
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)
    first, last = (-30, -1) if expired else (-1, 30)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=first))
        .not_valid_after(now + datetime.timedelta(days=last))
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _locked(pair: Pair, key_file: Path) -> Pair:
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    _write_key(key, key_file, serialization.BestAvailableEncryption(KEY_PASSWORD.encode()))
    return Pair(pair.cert, key_file)


def _write_key(
    key: ec.EllipticCurvePrivateKey, path: Path, encryption: serialization.KeySerializationEncryption
) -> None:
    # PKCS#8 is the form that Erlang, Java and OpenSSL all read.
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))
