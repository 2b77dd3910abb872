"""What a draft is copied as runs as it is, and the message that arrives is the draft's, byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stomptui.compose.draft import HeaderLine
from stomptui.compose.snippets.message import Target
from stomptui.compose.snippets.registry import LANGUAGES, snippet_of
from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.protocol.escapes import escape
from tests.compose.snippets.hostile import hostile
from tests.interop.programs import QUIET_STOMP, missing_lua
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.needs import need
from tests.support.raw import RawStomp
from tests.support.snippet_clients import JAVA, JAVASCRIPT

SECRETS = {"STOMP_PASSWORD": "guest", "STOMP_HEADER_TOKEN": "s3:c\\ret"}


def interpreter(key: str, folder: Path) -> list[str]:
    """What runs a snippet, without its file."""
    if key == "lua":
        need(missing_lua())
        return ["lua5.1"]
    if key == "shell" and not shutil.which("nc"):
        need("" if shutil.which("socat") else "nc is not installed, nor socat")
        # What is tested is the script; socat does for it what nc does.
        netcat = folder / "nc"
        netcat.write_text('#!/bin/sh\nexec socat -t 10 - "TCP:$1:$2"\n')
        netcat.chmod(0o700)
    if key == "javascript":
        need(JAVASCRIPT.missing())
        return ["env", f"NODE_PATH={JAVASCRIPT.home / 'node_modules'}", "node"]
    if key == "java":
        need(JAVA.missing())
        # Faster for a program that runs once.
        return ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", f"{JAVA.home}/*"]
    return ["sh"] if key == "shell" else [sys.executable]


@pytest.mark.broker("rabbitmq")
@pytest.mark.parametrize("key", ["python", "shell", "lua", "javascript", "java"])
def test_the_message_that_arrives_is_the_draft(key: str, rabbitmq: RabbitMQ, tmp_path: Path) -> None:
    queue = f"snippets-{key}"
    rabbitmq.delete(queue)
    draft = hostile(f"/queue/{queue}")
    if key in ("shell", "lua"):
        draft.headers.append(HeaderLine("emoji 😀", "ü"))
    language = next(each for each in LANGUAGES if each.key == key)
    target = Target.of(Connection(port=rabbitmq.port, login="guest", passcode="guest"), "1.2")
    script = tmp_path / ("Send.java" if key == "java" else "snippet")
    script.write_text(snippet_of(draft, target, language).text, encoding="utf-8", newline="")
    environment = {**os.environ, **QUIET_STOMP, **SECRETS, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        [*interpreter(key, tmp_path), str(script)], capture_output=True, env=environment, timeout=30, check=False
    )
    assert done.returncode == 0, done
    assert b"receipt-id:bye" in done.stdout if key == "shell" else done.stdout.endswith(b"sent\n")
    with RawStomp("127.0.0.1", rabbitmq.port) as reader:
        reader.connect()
        reader.send("SUBSCRIBE", {"id": "1", "destination": f"/queue/{queue}", "ack": "auto"})
        [came] = reader.messages(1)
    typed = [
        (line.name, SECRETS["STOMP_HEADER_TOKEN"] if line.name == "token" else line.value) for line in draft.headers
    ]
    wanted = {escape(name, "1.2"): escape(value, "1.2") for name, value in typed}
    assert {name: value for name, value in came.headers if name in wanted} == wanted
    assert came.body == draft.body_bytes()
    rabbitmq.delete(queue)


@pytest.mark.broker("rabbitmq")
@pytest.mark.parametrize("key", ["python", "shell", "java"])
def test_it_runs_over_tls_with_the_certificate_verified(key: str, rabbitmq: RabbitMQ, tmp_path: Path) -> None:
    language = next(each for each in LANGUAGES if each.key == key)
    tls = Tls(ca_file=str(rabbitmq.certificates.ca))
    connection = Connection(
        port=rabbitmq.tls_port, login="guest", passcode="guest", transport=TransportKind.TLS, tls=tls
    )
    script = tmp_path / ("Send.java" if key == "java" else "snippet")
    text = snippet_of(hostile("/topic/snippets"), Target.of(connection, "1.2"), language).text
    script.write_text(text, encoding="utf-8", newline="")
    done = subprocess.run(
        [*interpreter(key, tmp_path), str(script)],
        capture_output=True,
        env={**os.environ, **QUIET_STOMP, **SECRETS},
        timeout=30,
        check=False,
    )
    assert b"receipt-id:bye" in done.stdout if key == "shell" else done.stdout.endswith(b"sent\n"), done
