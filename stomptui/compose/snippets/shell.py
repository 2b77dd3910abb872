"""A snippet for a POSIX shell: frames by printf, sent by nc or, over TLS, by openssl."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from stomptui.compose.snippets.frames import Piece, Variable, characters, spelt_out
from stomptui.compose.snippets.message import SnippetMessage, Target, about, comment

ESCAPING = {
    "1.1": r"""escaped() { printf '%s\n' "$1" | sed -e 's/\\/\\\\/g' -e 's/:/\\c/g' -e '$!s/$/\\n/' | tr -d '\n'; }""",
    "1.2": r"""escaped() {
  printf '%s\n' "$1" | sed -e 's/\\/\\\\/g' -e 's/:/\\c/g' -e "s/$(printf '\r')/\\\\r/g" -e '$!s/$/\\n/' | tr -d '\n'
}""",
}


def refusal(target: Target) -> str:
    """Why it cannot be done there, "" if it can."""
    return "nc and openssl do not speak WebSocket" if target.websocket else ""


def write(message: SnippetMessage) -> str:
    """The script."""
    target, frames = message.target, spelt_out(message)
    # Quoted since a host that begins with - would be an option.
    command = f"nc {shlex.quote(target.host)} {target.port}" if not target.tls else _openssl(target)
    lines = ["#!/bin/sh", *comment("#", about(message, *_run(target), "a pipe", _gaps(target)))]
    lines += [f': "${{{name}?is not set}}"' for name, _ in message.variables]
    everything = (*frames.connect, *frames.send)
    if any(isinstance(piece, Variable) and piece.escaped for piece in everything):
        lines.append(ESCAPING[target.version])
    lines.append("{")
    lines += [f"  {_printf(frame)}" for frame in (frames.connect, frames.send, frames.disconnect)]
    lines.append(f"}} | {command}")
    return "\n".join([*lines, ""])


def _run(target: Target) -> tuple[str, str]:
    return "openssl" if target.tls else "nc (netcat)", "sh send.sh"


def _gaps(target: Target) -> Iterator[str]:
    yield "waiting: all frames are sent at once; what the broker answers is printed, RECEIPT bye if all went well"


def _openssl(target: Target) -> str:
    place = shlex.quote(target.place)
    name = target.server_name or target.host
    options = ["-quiet", "-connect", place, "-servername", shlex.quote(name)]
    if target.verify:
        verified = "-verify_ip" if ":" in name or name.replace(".", "").isdigit() else "-verify_hostname"
        options += ["-verify_return_error", verified, shlex.quote(name)]
    for option, path in (("-CAfile", target.ca_file), ("-cert", target.cert_file), ("-key", target.key_file)):
        options += [option, shlex.quote(path)] if path else []
    return " ".join(["openssl s_client", *options])


def _printf(pieces: Iterable[Piece]) -> str:
    text, arguments = "", []
    for piece in pieces:
        if isinstance(piece, Variable):
            text += "%s"
            arguments.append(f'"$(escaped "${piece.name}")"' if piece.escaped else f'"${piece.name}"')
        else:
            text += "".join(_spelt(char) for char in characters(piece))
    return " ".join([f"printf '{text}'", *arguments])


def _spelt(char: str | int) -> str:
    if isinstance(char, int):
        return "\\n" if char == 10 else f"\\{char:03o}"
    return {"'": "\\047", "\\": "\\\\", "%": "%%"}.get(char, char)
