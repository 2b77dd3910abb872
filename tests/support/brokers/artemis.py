"""ActiveMQ Artemis 2, downloaded once: an acceptor with prefixes, one without, TLS, and Jolokia."""

from __future__ import annotations

import functools
import json
import subprocess
import tarfile
from pathlib import Path
from typing import ClassVar

from stomptui.config.connection import Connection, Tls, TransportKind
from tests.support.brokers import java
from tests.support.brokers.base import ManagedBroker
from tests.support.brokers.cache import CACHE, fill
from tests.support.brokers.jolokia import Jolokia
from tests.support.certificates import Certificates, make_certificates
from tests.support.ports import free_ports

VERSION = "2.56.0"
PREFIXES = "anycastPrefix=/queue/;multicastPrefix=/topic/"


# Every kind of permission but `manage`, which is what management messages need.
WORK = (
    *("createNonDurableQueue", "deleteNonDurableQueue", "createDurableQueue", "deleteDurableQueue"),
    *("createAddress", "deleteAddress", "consume", "browse", "send"),
)
READ = ("consume", "browse")
BEAN = 'org.apache.activemq.artemis:broker="lab"'


class Artemis(ManagedBroker):
    """With the limits that `artemis create` writes: the 10th failed delivery goes to the queue DLQ."""

    key: ClassVar[str] = "artemis"
    title: ClassVar[str] = "Artemis 2"
    logins: ClassVar[tuple[str, ...]] = ("guest", "bob", "reader")
    home: ClassVar[Path] = CACHE / f"apache-artemis-{VERSION}"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.earlier: frozenset[str] = frozenset()
        """Names that were there before a test began."""
        self.port, self.tls_port, self.core_port, self.http_port, self.bare_port = free_ports(5)

    @classmethod
    def version(cls) -> str:
        return VERSION

    @classmethod
    def missing(cls) -> str:
        return java.missing(cls.home)

    @classmethod
    def fetch(cls) -> None:
        fill(cls.home, _unpack)

    @functools.cached_property
    def jolokia(self) -> Jolokia:
        return Jolokia(f"http://localhost:{self.http_port}/console/jolokia/")

    @functools.cached_property
    def certificates(self) -> Certificates:
        return make_certificates(self.folder / "certs")

    def connection(self) -> Connection:
        return Connection(port=self.port, login="guest", passcode="guest")

    def tls_connection(self) -> Connection:
        """Over TLS, trusting this broker's CA."""
        trusting = Tls(ca_file=str(self.certificates.ca))
        return Connection(
            port=self.tls_port, login="guest", passcode="guest", transport=TransportKind.TLS, tls=trusting
        )

    def bare_connection(self) -> Connection:
        """The acceptor without prefixes, as `artemis create` makes it."""
        return Connection(port=self.bare_port, login="guest", passcode="guest")

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        java.write_key_store(self.certificates, self.folder / "broker.p12")
        if not (self.folder / "node").is_dir():
            self._create()
        self._configure()
        self._spawn([str(self.folder / "node" / "bin" / "artemis"), "run"], java.environment())
        self._wait_until(lambda: java.answers(self.port) and java.answers(self.bare_port))
        self._wait_until(self.jolokia.answers)

    def make_queue(self, name: str) -> None:
        self.drop_queue(name)
        wanted = {"name": name, "address": name, "routing-type": "ANYCAST", "durable": True, "auto-delete": False}
        self.jolokia.execute(BEAN, "createQueue(java.lang.String)", json.dumps(wanted))

    def drop_queue(self, name: str) -> None:
        if name in self.jolokia.read(BEAN, "QueueNames"):
            self.jolokia.execute(BEAN, "destroyQueue(java.lang.String,boolean,boolean)", name, True, True)

    def counts(self, name: str) -> tuple[int, int]:
        routing = f'component=addresses,address="{name}",subcomponent=queues,routing-type="anycast",queue="{name}"'
        seen = self.jolokia.read(f"{BEAN},{routing}", "MessageCount", "DeliveringCount")
        return seen["MessageCount"] - seen["DeliveringCount"], seen["DeliveringCount"]

    def _create(self) -> None:
        absent = (f"--no-{name}-acceptor" for name in ("amqp", "mqtt", "hornetq", "stomp"))
        user = ("--user", "guest", "--password", "guest", "--require-login", "--host", "127.0.0.1", "--name", "lab")
        ports = ("--http-host", "localhost", "--http-port", str(self.http_port), "--default-port", str(self.core_port))
        size = ("--java-memory", "512M", "--nio", "--no-autotune")
        program, node = str(self.home / "bin" / "artemis"), str(self.folder / "node")
        made = subprocess.run(
            [program, "create", node, "--silent", "--force", *user, *ports, *absent, *size],
            env=java.environment() | {"JAVA_ARGS": " ".join(java.SHORT_LIVED)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        profile = self.folder / "node" / "etc" / "artemis.profile"
        text = profile.read_text().replace("-Xms512M", "-Xms128M")
        written = "-XX:+UseG1GC -XX:+UseStringDeduplication"
        assert written in text, f"no {written} in artemis.profile"
        profile.write_text(text.replace(written, " ".join(java.SHORT_LIVED)))

    def _configure(self) -> None:
        store = f"keyStorePath={self.folder}/broker.p12;keyStorePassword={java.STORE_PASSWORD};keyStoreType=PKCS12"
        acceptors = {
            "stomp": f"{self.port}?protocols=STOMP;useEpoll=true;{PREFIXES}",
            "stomptls": f"{self.tls_port}?protocols=STOMP;{PREFIXES};sslEnabled=true;{store}",
            "artemis": f"{self.core_port}?protocols=CORE,AMQP,OPENWIRE",
            "stompplain": f"{self.bare_port}?protocols=STOMP;useEpoll=true",
        }
        lines = "\n".join(
            f'<acceptor name="{name}">tcp://127.0.0.1:{uri}</acceptor>' for name, uri in acceptors.items()
        )
        rights = "\n".join(
            f'<permission type="{kind}" roles="amq,workers{",readers" if kind in READ else ""}"/>' for kind in WORK
        )
        etc = self.folder / "node" / "etc"
        text = (etc / "broker.xml").read_text()
        for start, inside, end in (
            ("<acceptors>", lines, "</acceptors>"),
            ('<security-setting match="#">', rights, "</security-setting>"),
        ):
            before, found, rest = text.partition(start)
            assert found, f"no {start} in broker.xml"
            text = before + start + inside + rest[rest.index(end) :]
        (etc / "broker.xml").write_text(text)
        (etc / "artemis-users.properties").write_text("".join(f"{login} = {login}\n" for login in self.logins))
        (etc / "artemis-roles.properties").write_text("amq = guest\nworkers = bob\nreaders = reader\n")


def _unpack(folder: Path) -> None:
    artifact = f"-Dartifact=org.apache.artemis:apache-artemis:{VERSION}:tar.gz:bin"
    java.mvn(folder, "dependency:copy", artifact, f"-DoutputDirectory={folder}")
    archive = next(folder.glob("*.tar.gz"))
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            _, _, member.name = member.name.partition("/")
            if member.name:
                packed.extract(member, folder)
    archive.unlink()
