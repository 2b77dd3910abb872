"""What the brokers written in Java share: the virtual machine, downloads kept outside the checkout, key stores."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from tests.support.certificates import Certificates
from tests.support.raw import Closed, RawStomp

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stomptui-brokers"
STORE_PASSWORD = "password"


def missing_download(folder: Path) -> str:
    """Why a broker that is downloaded once cannot run here, "" if it can; nothing is fetched unless asked for."""
    if not shutil.which("java"):
        return "java is not installed"
    if folder.is_dir():
        return ""
    if os.environ.get("STOMPTUI_FETCH_BROKERS", "") in ("", "0"):
        return "not downloaded; STOMPTUI_FETCH_BROKERS=1 does"
    return "" if shutil.which("mvn") else "mvn is not installed"


def fetch(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` make what the folder is to hold, once; two that do it at the same time do not harm each other."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".get.", dir=folder.parent) as work:
        made = Path(work) / "made"
        made.mkdir()
        fill(made)
        try:
            made.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


def mvn(folder: Path, *arguments: str) -> None:
    """Run Maven quietly in a folder; raises AssertionError with what it said."""
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
