"""A snippet for Lua with luasocket: the frames spelt out, over a bare socket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stomptui.compose.snippets.frames import Piece, Variable, characters, spelt_out
from stomptui.compose.snippets.message import SnippetMessage, Target, about, comment

SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt"
"""Where the authorities of a Debian system are: luasec knows none by itself."""
READING = r"""local function answer()
  local bytes = {}
  while true do
    local byte, problem = connection:receive(1)
    if not byte then error("the broker closed the connection: " .. problem) end
    if byte == "\0" then break end
    bytes[#bytes + 1] = byte
  end
  local frame = table.concat(bytes):gsub("^[\r\n]+", "")
  if frame:find("^ERROR") then error(frame) end
  return frame
end"""
VARIABLE = r"""local function variable(name)
  return assert(os.getenv(name), name .. " is not set")
end"""
ESCAPED = r"""local function escaped(text)
  return (text:gsub("[\\:\n\r]", { ["\\"] = "\\\\", [":"] = "\\c", ["\n"] = "\\n", ["\r"] = "\\r" }))
end"""


def refusal(target: Target) -> str:
    """Why it cannot be done there, "" if it can."""
    return "luasocket does not speak WebSocket" if target.websocket else ""


def write(message: SnippetMessage) -> str:
    """The program."""
    target, frames = message.target, spelt_out(message)
    needs = "luarocks install luasocket" + (" luasec" if target.tls else "")
    lines = comment("--", about(message, needs, "lua send.lua", "luasocket", _gaps(target)))
    lines += ['local socket = require("socket")', ""]
    pieces = [each for frame in (frames.connect, frames.send) for each in frame if isinstance(each, Variable)]
    lines += [VARIABLE] if pieces else []
    lines += [ESCAPED] if any(each.escaped for each in pieces) else []
    lines += [f"local connection = assert(socket.connect({_text(target.host)}, {target.port}))"]
    lines += ["connection:settimeout(10)", *(_tls(target) if target.tls else ()), READING, ""]
    lines += [f"assert(connection:send({_value(frames.connect)}))", 'assert(answer():find("^CONNECTED"))']
    lines += [
        f"assert(connection:send({_value(frames.send)}))",
        f"assert(connection:send({_value(frames.disconnect)}))",
    ]
    # Receipts come in the order of the frames: that of the DISCONNECT is the last.
    lines += ['repeat until answer():find("receipt%-id:bye")', "connection:close()", 'print("sent")', ""]
    return "\n".join(lines)


def _gaps(target: Target) -> Iterator[str]:
    if target.tls:
        yield "whether the certificate is for this host: only its issuer is verified"


def _tls(target: Target) -> list[str]:
    files = [("cafile", target.ca_file or SYSTEM_CAS), ("certificate", target.cert_file), ("key", target.key_file)]
    options = ['mode = "client"', 'protocol = "any"', 'options = "all"']
    options.append(f'verify = "{"peer" if target.verify else "none"}"')
    options += [f"{name} = {_text(path)}" for name, path in files if path]
    return [
        f'connection = assert(require("ssl").wrap(connection, {{ {", ".join(options)} }}))',
        f"connection:sni({_text(target.server_name or target.host)})",
        "assert(connection:dohandshake())",
    ]


def _value(pieces: Iterable[Piece]) -> str:
    return " .. ".join(
        (f'escaped(variable("{each.name}"))' if each.escaped else f'variable("{each.name}")')
        if isinstance(each, Variable)
        else _literal(each)
        for each in pieces
    )


def _text(text: str) -> str:
    return _literal(text.encode("utf-8", "surrogateescape"))


def _literal(data: bytes) -> str:
    return '"' + "".join(map(_spelt, characters(data))) + '"'


def _spelt(char: str | int) -> str:
    if isinstance(char, int):
        return "\\n" if char == 10 else f"\\{char:03d}"
    return {'"': '\\"', "\\": "\\\\"}.get(char, char)
