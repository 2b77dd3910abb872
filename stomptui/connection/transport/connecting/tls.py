"""The TLS context of a connection: verified unless turned off, TLS 1.2 or newer, no password prompt on the terminal."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from stomptui.config.connection import Tls
from stomptui.connection.errors import ConnectError


def build_context(tls: Tls) -> ssl.SSLContext:
    """The context for one connection.

    Raises:
        ConnectError: A file is missing or holds no certificate or key; `field` names it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif tls.ca_file:
        _load_authorities(context, tls.ca_file)
    else:
        context.load_default_certs()
    if tls.cert_file:
        _load_certificate(context, tls)
    elif tls.key_file:
        raise ConnectError("a key needs its certificate", "cert_file")
    return context


def _load_authorities(context: ssl.SSLContext, name: str) -> None:
    try:
        context.load_verify_locations(_path(name, "ca_file"))
    except ssl.SSLError as error:
        raise ConnectError(f"no certificates in PEM form in {name}", "ca_file") from error
    except OSError as error:
        raise ConnectError(f"{name} cannot be read: {error.strerror or error}", "ca_file") from error


def _load_certificate(context: ssl.SSLContext, tls: Tls) -> None:
    certificate = _path(tls.cert_file, "cert_file")
    key = _path(tls.key_file, "key_file") if tls.key_file else certificate
    asked = False

    def password() -> str:
        # Without a callback OpenSSL would prompt on the terminal, which the screen owns.
        nonlocal asked
        asked = True
        return tls.key_password

    try:
        context.load_cert_chain(certificate, key, password)
    except ssl.SSLError as error:
        what = tls.key_file or tls.cert_file
        if asked and not tls.key_password:
            raise ConnectError(f"the key in {what} is encrypted: it needs its password", "key_password") from error
        if asked:
            raise ConnectError(f"the password does not open the key in {what}", "key_password") from error
        if "MISMATCH" in str(error).upper():
            raise ConnectError(f"the key in {what} does not belong to the certificate", "key_file") from error
        name = "cert_file" if not tls.key_file or not _holds(certificate, b"CERTIFICATE") else "key_file"
        wrong = tls.cert_file if name == "cert_file" else tls.key_file
        raise ConnectError(f"{wrong} does not hold a certificate or key in PEM form", name) from error
    except OSError as error:
        raise ConnectError(
            f"the certificate or its key cannot be read: {error.strerror or error}", "key_file"
        ) from error


def _path(name: str, field: str) -> str:
    path = Path(name).expanduser()
    if not os.path.isfile(path):
        raise ConnectError(f"no such file: {name}", field)
    return str(path)


def _holds(path: str, what: bytes) -> bool:
    return b"-----BEGIN " + what in Path(path).read_bytes()
