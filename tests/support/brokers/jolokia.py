"""JMX over HTTP, as brokers in Java offer it: https://jolokia.org/reference/html/manual/jolokia_protocol.html."""

from __future__ import annotations

import base64
import http.client
import json
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.brokers import java
from tests.support.brokers.cache import CACHE, fill

AGENT_VERSION = "2.6.0"
AGENT = CACHE / f"jolokia-agent-{AGENT_VERSION}"


class Refused(AssertionError):
    """Jolokia said no; `status` is what it calls an HTTP status, 404 for a bean that is not there."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(f"{status} {error}")
        self.status = status


class Jolokia:
    """One server's beans, asked with every right."""

    def __init__(self, url: str, login: str = "guest", passcode: str = "guest") -> None:
        self.url = url
        self._authorization = "Basic " + base64.b64encode(f"{login}:{passcode}".encode()).decode()

    def read(self, bean: str, *attributes: str) -> Any:
        """The value of one attribute, or several by name.

        Raises:
            Refused: There is no such bean, or it may not be read.
        """
        wanted = attributes[0] if len(attributes) == 1 else list(attributes)
        return self._ask({"type": "read", "mbean": bean, "attribute": wanted})

    def execute(self, bean: str, operation: str, *arguments: Any) -> Any:
        """Call an operation; an overloaded one is named with its signature, "browse(java.lang.String)"."""
        return self._ask({"type": "exec", "mbean": bean, "operation": operation, "arguments": arguments})

    def answers(self) -> bool:
        """Whether it is up; it may come a moment after the broker's other ports."""
        try:
            self._ask({"type": "version"})
        except (OSError, http.client.HTTPException, Refused):
            return False
        return True

    def _ask(self, question: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self.url,
            data=json.dumps(question).encode(),
            headers={
                "Authorization": self._authorization,
                "Content-Type": "application/json",
                # Who names none is taken for a page of somebody else's and turned away.
                "Origin": "http://localhost",
            },
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            said = json.loads(answer.read())
        if said["status"] != 200:
            raise Refused(said["status"], said.get("error", ""))
        return said.get("value")


def fetch_agent() -> None:
    """Get the agent that gives any Java program a Jolokia."""
    artifact = f"-Dartifact=org.jolokia:jolokia-agent-jvm:{AGENT_VERSION}:jar:javaagent"
    fill(AGENT, lambda folder: java.mvn(folder, "dependency:copy", artifact, f"-DoutputDirectory={folder}"))


def agent_option(folder: Path, port: int) -> str:
    """The option for `java` that puts a Jolokia at /api/jolokia/ on that port.

    Reading needs POST and an Origin header, as ActiveMQ's distribution has it; guest/guest may do all.
    """
    policy = folder / "jolokia-access.xml"
    policy.write_text(
        "<restrict><http><method>post</method></http><cors><strict-checking/></cors><commands>"
        + "".join(f"<command>{name}</command>" for name in ("read", "list", "version", "search"))
        + "</commands><allow><mbean><name>org.apache.activemq:*</name>"
        "<attribute>*</attribute><operation>*</operation></mbean></allow></restrict>\n"
    )
    options = (
        f"host=127.0.0.1,port={port},agentContext=/api/jolokia,user=guest,password=guest,"
        f"policyLocation=file:{policy},discoveryEnabled=false"
    )
    return f"-javaagent:{next(AGENT.glob('*.jar'))}={options}"
