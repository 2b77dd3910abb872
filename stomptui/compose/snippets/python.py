"""A snippet for Python with stomp.py."""

from __future__ import annotations

from collections.abc import Iterator

from stomptui.compose.snippets.message import (
    PASSWORD,
    RECEIPT,
    Field,
    SnippetMessage,
    Target,
    about,
    as_text,
    comment,
    gaps_of_a_mapping,
    readable,
)
from stomptui.protocol.escapes import escape

LISTENER = '''class Answer(stomp.ConnectionListener):
    """Knows whether the broker confirmed."""

    def __init__(self):
        self.came = threading.Event()
        self.problem = "the broker closed the connection"

    def on_receipt(self, frame):
        self.problem = ""
        self.came.set()

    def on_error(self, frame):
        self.problem = f"{frame.headers.get('message', '')} {frame.body}"
        self.came.set()

    def on_disconnected(self):
        self.came.set()

    def wait(self):
        if not self.came.wait(10) or self.problem:
            raise SystemExit(f"not confirmed: {self.problem}")
'''


def refusal(target: Target) -> str:
    """Why it cannot be done there, "" if it can."""
    return "stomp.py speaks STOMP 1.2 alone over WebSocket" if target.websocket and target.version != "1.2" else ""


def write(message: SnippetMessage) -> str:
    """The program."""
    target = message.target
    needs = "pip install stomp.py"
    lines = comment("#", about(message, needs, "python send.py", "stomp.py", _gaps(message)))
    lines += ["import os", "import threading", "", "import stomp"]
    lines += ["from stomp.adapter.ws import WSStompConnection"] if target.websocket else []
    lines += ["", "", LISTENER, f"body = {_body(message.body)}", "headers = {"]
    fields = message.first_of_each()
    # stomp.py escapes values and no names.
    lines += [
        f"    {_text(escape(name, target.version))}: {_value(field)},"
        for name, field in fields.items()
        if name != "destination"
    ]
    lines += [f'    "receipt": {RECEIPT!r},'] if message.receipt else []
    lines += ["}", "answer = Answer()", *_connection(message), 'connection.set_listener("", answer)', *_login(target)]
    lines.append(f"connection.send({_value(message.destination)}, body, headers=headers)")
    # Without a receipt of its own, that of the DISCONNECT says that it arrived.
    if message.receipt:
        lines += ["answer.wait()", "connection.disconnect()"]
    else:
        lines += ['connection.disconnect(receipt="bye")', "answer.wait()"]
    return "\n".join([*lines, 'print("sent")', ""])


def _gaps(message: SnippetMessage) -> Iterator[str]:
    yield "the order of header lines: it sorts them by name"
    yield from gaps_of_a_mapping(message)
    if message.content_length and not message.body:
        yield "a content-length of 0: it sends none with an empty body"
    target = message.target
    if target.vhost is None and target.version != "1.0":
        yield "a CONNECT without a virtual host: it names the host"
    if target.vhost is not None and target.version == "1.0":
        yield "a virtual host in STOMP 1.0"
    if target.websocket and target.cert_file:
        yield "a client certificate over WebSocket"


def _connection(message: SnippetMessage) -> list[str]:
    target = message.target
    kind = "WSStompConnection" if target.websocket else f"stomp.Connection{target.version.replace('.', '')}"
    options = [f"[({_text(target.host)}, {target.port})]", "reconnect_attempts_max=1"]
    if target.version != "1.0" and target.vhost is not None:
        options.append(f"vhost={_text(target.vhost)}")
    options += [] if message.content_length else ["auto_content_length=False"]
    options += [f"ws_path={_text(target.path)}"] if target.websocket else []
    lines = [f"connection = {kind}({', '.join(options)})"]
    if target.tls:
        tls = [f"for_hosts=[({_text(target.host)}, {target.port})]"]
        files = (("ca_certs", target.ca_file), ("cert_file", target.cert_file), ("key_file", target.key_file))
        tls += [f"{name}={_text(path)}" for name, path in files if path]
        tls += [] if target.verify else ["verify=False"]
        lines.append(f"connection.set_ssl({', '.join(tls)})")
    return lines


def _login(target: Target) -> list[str]:
    login = _text(target.login) if target.login else "None"
    options = [login, f'os.environ["{PASSWORD}"]' if target.password else "None", "wait=True"]
    options += ["with_connect_command=True"] if target.version != "1.0" else []
    if target.headers:
        lines = ", ".join(f"{_text(each.name)}: {_value(each)}" for each in target.headers)
        options.append(f"headers={{{lines}}}")
    return [f"connection.connect({', '.join(options)})"]


def _body(body: bytes) -> str:
    text = as_text(body)
    if text is None:
        return repr(body)
    if text.count("\n") in range(1, 200):
        return "\n".join(["(", *_parts(text), ")"])
    return repr(text)


def _parts(text: str) -> Iterator[str]:
    """A text as literals that follow one another, one for each line."""
    lines = text.split("\n")
    for line in lines[:-1]:
        yield f"    {line + chr(10)!r}"
    if lines[-1]:
        yield f"    {lines[-1]!r}"


def _value(field: Field) -> str:
    return f'os.environ["{field.variable}"]' if field.variable else _text(field.value)


def _text(text: str) -> str:
    return repr(readable(text))
