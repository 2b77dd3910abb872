"""A draft as a program or text: complete, without secrets, and exact whatever is in it."""

from __future__ import annotations

import ast
import base64
import shutil
import subprocess
from dataclasses import replace

import pytest

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.snippets.message import NotWritten, Target
from stomptui.compose.snippets.registry import LANGUAGES, Snippet, snippet_of
from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.protocol.jsonl import FileMessage
from tests.compose.snippets.hostile import ODD, hostile

LOCAL = Connection(login="guest", passcode="pa55", headers=(("x-token", "t0ken"), ("app", "a")))
TARGET = Target.of(LOCAL, "1.2")
BY_KEY = {each.key: each for each in LANGUAGES}
EVERY = pytest.mark.parametrize("key", BY_KEY)
PROGRAM = pytest.mark.parametrize("key", [each.key for each in LANGUAGES if each.program])


def written(key: str, draft: Draft, target: Target = TARGET) -> Snippet:
    return snippet_of(draft, target, BY_KEY[key])


def first_comment(text: str) -> str:
    lines = text.removeprefix("#!/bin/sh\n").split("\n")
    marks = ("#", "--", "//")
    return "\n".join(lines[: next(i for i, line in enumerate(lines) if not line.startswith(marks))])


@EVERY
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_no_secret_is_written(key: str, version: str) -> None:
    draft = hostile("/queue/a")
    draft.headers.append(HeaderLine("reply-to", "amqp://me:hunter2@host/x"))
    if version == "1.1":
        draft.headers[0].value = ODD.replace("\r", "")
    snippet = written(key, draft, replace(TARGET, version=version))
    for text in (snippet.text, base64.b64decode(snippet.text).decode() if key == "frame" else ""):
        assert not any(secret in text for secret in ("pa55", "s3cret", "t0ken", "hunter2"))
    assert any("token" in note.lower() for note in snippet.notes)


@PROGRAM
def test_the_first_comment_names_the_variables_and_nothing_ends_it(key: str) -> None:
    comment = first_comment(written(key, hostile("/queue/a\nevil()\\u000aevil() */")).text)
    for name in ("STOMP_PASSWORD", "STOMP_HEADER_TOKEN", "STOMP_CONNECT_X_TOKEN"):
        assert f"Set {name} to " in comment
    assert "evil" in comment.split("\n")[0]
    assert "\\" not in comment


def test_python_can_be_read_and_says_the_values_that_were_typed() -> None:
    tree = ast.parse(written("python", hostile("/queue/a")).text)
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert ODD in constants
    assert hostile("").body in constants


def test_python_tells_what_stomp_py_cannot_express() -> None:
    draft = Draft("/queue/a", [HeaderLine("b", "1"), HeaderLine("b", "2"), HeaderLine("c", "\udcff")])
    comment = first_comment(written("python", draft).text)
    assert "- the order of header lines: it sorts them by name" in comment
    assert "- the header b more than once: only the first is sent, the one that counts" in comment
    assert "- bytes that are not UTF-8 in the header c: sent as U+FFFD" in comment
    assert "- a content-length of 0" in comment


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_a_shell_prints_the_frame_byte_for_byte(shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    draft = hostile("/queue/a")
    draft.headers.append(HeaderLine("bytes", "\udcff\udc80"))
    draft.headers.append(HeaderLine("odd", "twice"))
    script = written("shell", draft).text
    assert script.endswith("} | nc 127.0.0.1 61613\n")
    environment = {"STOMP_PASSWORD": "p%s'\\", "STOMP_HEADER_TOKEN": "a\\b:c\nd\r", "STOMP_CONNECT_X_TOKEN": "t"}
    piped = script.replace("nc 127.0.0.1 61613", "cat")
    done = subprocess.run(
        [shell, "-c", piped], capture_output=True, env={"PATH": "/usr/bin:/bin", **environment}, check=True
    )
    connect = b"CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:p%s'\\\nx-token:t\napp:a\n\n\0"
    draft.headers[4].value = "a\\b:c\nd\r"
    assert done.stdout == connect + draft.encode("1.2", "stomptui-1") + b"DISCONNECT\nreceipt:bye\n\n\0"
    assert done.stderr == b""


def test_a_shell_says_which_variable_is_missing() -> None:
    script = written("shell", Draft("/queue/a")).text.replace("nc 127.0.0.1 61613", "cat")
    done = subprocess.run(["sh", "-c", script], capture_output=True, env={"PATH": "/usr/bin:/bin"}, check=False)
    assert done.returncode != 0
    assert done.stdout == b""
    assert b"STOMP_PASSWORD" in done.stderr


def test_tls_goes_by_openssl_which_verifies() -> None:
    tls = Tls(ca_file="/my ca.pem", cert_file="/c.pem", key_file="/k.pem", key_password="k3y")
    target = Target.of(replace(LOCAL, host="mq.example", port=61614, transport=TransportKind.TLS, tls=tls), "1.2")
    script = written("shell", Draft("/queue/a"), target).text
    assert script.endswith(
        "} | openssl s_client -quiet -connect mq.example:61614 -servername mq.example -verify_return_error "
        "-verify_hostname mq.example -CAfile '/my ca.pem' -cert /c.pem -key /k.pem\n"
    )


@pytest.mark.parametrize("key", ["shell", "lua"])
def test_what_does_not_speak_websocket_says_so(key: str) -> None:
    target = Target.of(replace(LOCAL, transport=TransportKind.WSS), "1.2")
    with pytest.raises(NotWritten, match="WebSocket"):
        written(key, Draft("/queue/a"), target)


def test_the_json_line_is_one_that_refill_takes() -> None:
    draft = hostile("/queue/a")
    line = FileMessage.from_line(written("json", draft).text.encode())
    assert (line.destination, line.body) == ("/queue/a", draft.body_bytes())
    assert line.headers[0] == ("odd", ODD)
    assert [name for name, _ in line.headers] == [each.name for each in draft.headers]


def test_the_bytes_are_those_of_the_frame() -> None:
    draft = Draft("/queue/a", [HeaderLine("a", ODD), HeaderLine("a", "\udcff")], b"\xff\0\xfe")
    assert base64.b64decode(written("frame", draft).text) == draft.encode("1.2", "stomptui-1")


@EVERY
def test_what_cannot_be_sent_is_not_written(key: str) -> None:
    with pytest.raises(NotWritten, match="a destination is needed"):
        written(key, Draft(body="x"))
    with pytest.raises(NotWritten, match="too large for a snippet"):
        written(key, Draft("/queue/a", body=b"x" * (5 << 20)))
