"""A snippet for JavaScript in Node, with @stomp/stompjs."""

from __future__ import annotations

import json
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

SOCKET = """// stompjs speaks WebSocket; this makes a plain socket look like one.
function overSocket(socket, opened) {
  const made = { url: "tcp", readyState: 0, binaryType: "arraybuffer" };
  made.send = (data) => socket.write(data);
  made.close = () => socket.end();
  made.terminate = () => socket.destroy();
  socket.on(opened, () => { made.readyState = 1; made.onopen(); });
  socket.on("data", (data) => made.onmessage({ data: Uint8Array.from(data).buffer }));
  socket.on("error", (error) => fail(error.message));
  socket.on("close", () => { made.readyState = 3; made.onclose({ code: 1000, reason: "", wasClean: true }); });
  return made;
}
"""
START = """function fail(why) {
  console.error("not confirmed: " + why);
  process.exit(1);
}
function variable(name) {
  if (process.env[name] === undefined) fail(name + " is not set");
  return process.env[name];
}
"""


def refusal(target: Target) -> str:
    """Why it cannot be done there, "" if it can."""
    return "Node takes no own certificates for WebSocket here" if target.websocket and target.ca_file else ""


def write(message: SnippetMessage) -> str:
    """The program."""
    target = message.target
    needs = "npm install @stomp/stompjs" + (" ws" if target.websocket else "")
    lines = comment("//", about(message, needs, "node send.cjs", "@stomp/stompjs", _gaps(message)))
    lines += ['const { Client, Versions } = require("@stomp/stompjs");', "", START]
    lines += [] if target.websocket else [SOCKET]
    lines.append("const headers = {")
    lines += [
        f"  [{_text(escape(name, target.version))}]: {_value(field)},"
        for name, field in message.first_of_each().items()
        if name != "destination"
    ]
    # Without a receipt of the person's own the last frame asks for one, by stompjs itself.
    lines += [f'  receipt: "{RECEIPT}",'] if message.receipt else []
    text = as_text(message.body)
    body = f"body: {_text(text)}" if text is not None else f"binaryBody: Uint8Array.from({list(message.body)})"
    skip = "" if message.content_length else ", skipContentLengthHeader: true"
    publish = f"client.publish({{ destination: {_value(message.destination)}, headers, {body}{skip} }});"
    connect = [f"[{_text(name)}]: {_text(value)}" for name, value in _connect(target)]
    connect += [f'passcode: variable("{PASSWORD}")'] if target.password else []
    connect += [f"[{_text(each.name)}]: {_value(each)}" for each in target.headers]
    lines += ["};", "let sent = false;", "const client = new Client({", f"  webSocketFactory: () => {_socket(target)},"]
    lines += [f"  connectHeaders: {{ {', '.join(connect)} }},", f'  stompVersions: new Versions(["{target.version}"]),']
    lines += ["  reconnectDelay: 0,", "  heartbeatIncoming: 0,", "  heartbeatOutgoing: 0,", "  onConnect: () => {"]
    if message.receipt:
        lines.append(f'    client.watchForReceipt("{RECEIPT}", () => {{ sent = true; client.deactivate(); }});')
        lines.append(f"    {publish}")
    else:
        lines += [f"    {publish}", "    sent = true;", "    client.deactivate();"]
    lines += ["  },", '  onStompError: (frame) => fail(frame.headers.message + " " + frame.body),']
    lines += ['  onWebSocketClose: () => sent ? console.log("sent") : fail("the connection was closed"),', "});"]
    return "\n".join([*lines, "client.activate();", ""])


def _gaps(message: SnippetMessage) -> Iterator[str]:
    yield "the order of header lines named by whole numbers: these come first"
    yield from gaps_of_a_mapping(message)
    if message.content_length and not message.body:
        yield "a content-length of 0: it sends none with an empty body"
    if not message.content_length and as_text(message.body) is None:
        yield "a body of bytes without content-length: it adds one"


def _connect(target: Target) -> Iterator[tuple[str, str]]:
    if target.login:
        yield "login", target.login
    if target.vhost is not None:
        yield "host", target.vhost


def _socket(target: Target) -> str:
    if target.websocket:
        scheme = "wss" if target.tls else "ws"
        name = f"v{target.version.replace('.', '')}.stomp"
        verify = "" if target.verify else ", { rejectUnauthorized: false }"
        return f'new (require("ws").WebSocket)({_text(f"{scheme}://{target.place}{target.path}")}, "{name}"{verify})'
    options = [f"host: {_text(target.host)}", f"port: {target.port}"]
    if not target.tls:
        return f'overSocket(require("node:net").connect({{ {", ".join(options)} }}), "connect")'
    name = target.server_name or target.host
    options += [] if ":" in name or name.replace(".", "").isdigit() else [f"servername: {_text(name)}"]
    options += [] if target.verify else ["rejectUnauthorized: false"]
    for option, path in (("ca", target.ca_file), ("cert", target.cert_file), ("key", target.key_file)):
        options += [f'{option}: require("node:fs").readFileSync({_text(path)})'] if path else []
    return f'overSocket(require("node:tls").connect({{ {", ".join(options)} }}), "secureConnect")'


def _value(field: Field) -> str:
    return f'variable("{field.variable}")' if field.variable else _text(field.value)


def _text(text: str) -> str:
    return '"' + "".join(json.dumps(c, ensure_ascii=not c.isprintable())[1:-1] for c in readable(text)) + '"'
