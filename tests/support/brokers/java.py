"""What the brokers written in Java share: the virtual machine, Maven, key stores."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from tests.support.brokers.base import CannotFetch
from tests.support.brokers.cache import NOT_FETCHED
from tests.support.certificates import Certificates
from tests.support.raw import Closed, RawStomp

STORE_PASSWORD = "password"
SHORT_LIVED = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Options of a virtual machine that serves minutes: what it would compile better and collect beside is never earned."""


def missing(downloaded: Path) -> str:
    """Why a broker in Java cannot run here, "" if it can."""
    if not shutil.which("java"):
        return "java is not installed"
    return "" if downloaded.is_dir() else NOT_FETCHED


def mvn(folder: Path, *arguments: str) -> None:
    """Run Maven quietly in a folder.

    Raises:
        CannotFetch: There is no Maven.
        AssertionError: It failed; with what it said.
    """
    if not shutil.which("mvn"):
        raise CannotFetch("mvn is not installed")
    done = subprocess.run(
        ["mvn", "-B", "-q", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"mvn {' '.join(arguments)}:\n{done.stdout}{done.stderr}"


def environment() -> dict[str, str]:
    """This one's, without options for other people's Java programs."""
    return {name: value for name, value in os.environ.items() if name not in ("JAVA_ARGS", "JAVA_OPTS")}


def write_key_store(certificates: Certificates, path: Path) -> None:
    """The server's certificate and key as the key store that Java reads, with STORE_PASSWORD."""
    chain = x509.load_pem_x509_certificates(certificates.server.cert.read_bytes())
    key = load_pem_private_key(certificates.server.key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    lock = BestAvailableEncryption(STORE_PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"broker", key, chain[0], chain[1:], lock))


def answers(port: int) -> bool:
    """Whether CONNECT is answered with CONNECTED: the port is open before the broker is ready."""
    try:
        with RawStomp("127.0.0.1", port, timeout=5) as client:
            client.connect("1.2")
    except (OSError, Closed, AssertionError):
        return False
    return True
