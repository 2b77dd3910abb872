"""ActiveMQ Classic: version 5 from Debian's packages, version 6 put together from the published jars."""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from stomptui.config.connection import Connection, Tls, TransportKind
from tests.support.brokers import java, jolokia
from tests.support.brokers.base import CannotFetch, ManagedBroker, packaged
from tests.support.brokers.cache import CACHE, fill
from tests.support.certificates import Certificates, make_certificates
from tests.support.ports import free_ports

VERSION_6 = "6.3.1"
LIBRARIES = Path("/usr/share/java")
DEBIAN_HOME = Path("/usr/share/activemq")
# Advisory and statistics messages have bodies over STOMP only with these, which Debian does not link.
XSTREAM = ("xstream.jar", "jettison.jar", "xpp3.jar")
BEAN = "org.apache.activemq:type=Broker,brokerName=lab"


class ActiveMQ(ManagedBroker):
    """What 5 and 6 have in common: configuration, ports, users, and a Jolokia at /api/jolokia/ on `http_port`."""

    logins: ClassVar[tuple[str, ...]] = ("guest", "reader")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port, self.tls_port, self.openwire_port, self.http_port = free_ports(4)

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

    def start(self) -> None:
        for name in ("conf", "data", "tmp", "lib"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        java.write_key_store(self.certificates, self.folder / "conf" / "broker.p12")
        (self.folder / "conf" / "activemq.xml").write_text(self._configuration())
        agent = jolokia.agent_option(self.folder / "conf", self.http_port)
        self._spawn(["java", *java.SHORT_LIVED, agent, *self._arguments()], java.environment())
        self._wait_until(lambda: java.answers(self.port) and self.jolokia.answers())

    @functools.cached_property
    def jolokia(self) -> jolokia.Jolokia:
        return jolokia.Jolokia(f"http://127.0.0.1:{self.http_port}/api/jolokia/")

    def make_queue(self, name: str) -> None:
        self.drop_queue(name)
        self.jolokia.execute(BEAN, "addQueue(java.lang.String)", name)

    def drop_queue(self, name: str) -> None:
        self.jolokia.execute(BEAN, "removeQueue(java.lang.String)", name)

    def counts(self, name: str) -> tuple[int, int]:
        bean = f"{BEAN},destinationType=Queue,destinationName={name}"
        seen = self.jolokia.read(bean, "QueueSize", "InFlightCount")
        return seen["QueueSize"] - seen["InFlightCount"], seen["InFlightCount"]

    def _arguments(self) -> list[str]:
        """What stands behind `java` on its command line."""
        raise NotImplementedError

    def _configuration(self) -> str:
        folder = self.folder
        everybody = " ".join(f'{right}="users,readers"' for right in ("read", "write", "admin"))
        return f"""\
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans
  http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="lab" useJmx="true"
      dataDirectory="{folder}/data" schedulerSupport="true">
    <!-- A connector of JMX would listen on every interface, and ask nobody for a password. -->
    <managementContext><managementContext createConnector="false"/></managementContext>
    <destinationInterceptors><virtualDestinationInterceptor><virtualDestinations>
      <virtualTopic name="VirtualTopic.>" prefix="Consumer.*."/>
      <compositeQueue name="forwarding.>" forwardOnly="true"><forwardTo>
        <filteredDestination selector="nothing = 'of that'" queue="forwarded"/>
      </forwardTo></compositeQueue>
    </virtualDestinations></virtualDestinationInterceptor></destinationInterceptors>
    <plugins>
      <simpleAuthenticationPlugin><users>
        <authenticationUser username="guest" password="guest" groups="users"/>
        <authenticationUser username="reader" password="reader" groups="readers"/>
      </users></simpleAuthenticationPlugin>
      <authorizationPlugin><map><authorizationMap>
        <authorizationEntries>
          <authorizationEntry queue=">" read="users,readers" write="users" admin="users"/>
          <authorizationEntry topic=">" read="users" write="users" admin="users"/>
          <authorizationEntry topic="ActiveMQ.Advisory.>" {everybody}/>
        </authorizationEntries>
        <tempDestinationAuthorizationEntry>
          <tempDestinationAuthorizationEntry {everybody}/>
        </tempDestinationAuthorizationEntry>
      </authorizationMap></map></authorizationPlugin>
      <statisticsBrokerPlugin/>
    </plugins>
    <persistenceAdapter><kahaDB directory="{folder}/data/kahadb"/></persistenceAdapter>
    <sslContext>
      <sslContext keyStore="file:{folder}/conf/broker.p12" keyStorePassword="{java.STORE_PASSWORD}"
        keyStoreType="PKCS12"/>
    </sslContext>
    <transportConnectors>
      <transportConnector name="openwire" uri="tcp://127.0.0.1:{self.openwire_port}"/>
      <transportConnector name="stompssl" uri="stomp+ssl://127.0.0.1:{self.tls_port}"/>
      <transportConnector name="stomp" uri="stomp+nio://127.0.0.1:{self.port}"/>
    </transportConnectors>
  </broker>
</beans>
"""


class ActiveMQ5(ActiveMQ):
    key: ClassVar[str] = "activemq5"
    title: ClassVar[str] = "ActiveMQ 5"

    @classmethod
    def version(cls) -> str:
        return packaged("activemq")

    @classmethod
    def missing(cls) -> str:
        if not (DEBIAN_HOME / "bin" / "activemq.jar").exists():
            return "activemq is not installed"
        lacking = [name for name in XSTREAM if not (LIBRARIES / name).exists()]
        return f"{lacking[0]} is not installed" if lacking else java.missing(jolokia.AGENT)

    @classmethod
    def fetch(cls) -> None:
        jolokia.fetch_agent()

    def _arguments(self) -> list[str]:
        folder = self.folder
        for name in XSTREAM:
            link = folder / "lib" / name
            if not link.exists():
                link.symlink_to(LIBRARIES / name)
        (folder / "conf" / "log4j.properties").write_text(
            "log4j.rootLogger=INFO, out\n"
            "log4j.appender.out=org.apache.log4j.ConsoleAppender\n"
            "log4j.appender.out.layout=org.apache.log4j.PatternLayout\n"
            "log4j.appender.out.layout.ConversionPattern=%d | %-5p | %m | %c%n\n"
        )
        places = {"home": DEBIAN_HOME, "base": folder, "conf": folder / "conf", "data": folder / "data"}
        return [
            "-Xmx384M",
            *(f"-Dactivemq.{name}={place}" for name, place in places.items()),
            f"-Dlog4j.configuration=file:{folder}/conf/log4j.properties",
            f"-Djava.io.tmpdir={folder}/tmp",
            *("-jar", str(DEBIAN_HOME / "bin" / "activemq.jar")),
            *("start", f"xbean:file:{folder}/conf/activemq.xml"),
        ]


class ActiveMQ6(ActiveMQ):
    key: ClassVar[str] = "activemq6"
    title: ClassVar[str] = "ActiveMQ 6"
    home: ClassVar[Path] = CACHE / f"activemq-node-{VERSION_6}"

    @classmethod
    def version(cls) -> str:
        return VERSION_6

    @classmethod
    def missing(cls) -> str:
        return java.missing(cls.home) or java.missing(jolokia.AGENT)

    @classmethod
    def fetch(cls) -> None:
        jolokia.fetch_agent()
        fill(cls.home, _put_together)

    def _arguments(self) -> list[str]:
        home, folder = self.home, self.folder
        (folder / "conf" / "log4j2.properties").write_text(
            "rootLogger.level=INFO\nrootLogger.appenderRef.c.ref=C\nappender.c.type=Console\nappender.c.name=C\n"
            "appender.c.layout.type=PatternLayout\nappender.c.layout.pattern=%d | %-5p | %m | %c%n\n"
        )
        return [
            "-Xmx512M",
            f"-Dlog4j.configurationFile=file:{folder}/conf/log4j2.properties",
            f"-Djava.io.tmpdir={folder}/tmp",
            *("-cp", f"{home}/boot:{home}/lib/*", "Node", f"{folder}/conf/activemq.xml"),
        ]


_BOOT = """\
public class Node { public static void main(String[] a) throws Exception {
  var b = org.apache.activemq.broker.BrokerFactory.createBroker("xbean:file:" + a[0]);
  if (!b.isStarted()) b.start();
  b.waitUntilStarted(); b.waitUntilStopped(); } }
"""
_PARTS = (
    *((("org.apache.activemq", f"activemq-{part}", VERSION_6)) for part in ("broker", "stomp", "kahadb-store")),
    *((("org.apache.activemq", f"activemq-{part}", VERSION_6)) for part in ("spring", "jaas")),
    ("com.thoughtworks.xstream", "xstream", "1.4.21"),
    ("org.codehaus.jettison", "jettison", "1.5.7"),
    ("org.apache.logging.log4j", "log4j-slf4j2-impl", "2.26.1"),
    ("org.springframework", "spring-context", "7.0.8"),
)


def _put_together(folder: Path) -> None:
    """The jars and a main class; the binary distribution is not always to be had."""
    if not shutil.which("javac"):
        raise CannotFetch("javac is not installed")
    needs = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        for group, name, version in _PARTS
    )
    (folder / "pom.xml").write_text(
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>lab</groupId>'
        f"<artifactId>lab</artifactId><version>1</version><dependencies>{needs}</dependencies></project>"
    )
    (folder / "Node.java").write_text(_BOOT)
    java.mvn(folder, "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}/lib")
    subprocess.run(
        ["javac", "-cp", f"{folder}/lib/*", "-d", str(folder / "boot"), str(folder / "Node.java")], check=True
    )
