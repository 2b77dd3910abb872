"""Reads how a web page connects, from JavaScript that a person pastes: @stomp/stompjs, stomp-websocket, SockJS.

    new Client({
      brokerURL: 'ws://localhost:8080/ws',
      connectHeaders: { login: 'guest', passcode: 'guest', Authorization: 'Bearer …' },
      heartbeatIncoming: 4000, heartbeatOutgoing: 4000,
    })
    Stomp.over(new SockJS('http://localhost:8080/ws'))

Nothing is run. Texts and numbers that stand there are taken; what would have to be computed is only named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stomptui.config.secret_names import has_source

LONGEST = 64 << 10
"""Characters that are looked at."""
_LOOKS_LIKE = re.compile(
    r"\b(?:brokerURL|connectHeaders|webSocketFactory|heartbeat(?:Incoming|Outgoing))\b"
    r"|\bnew\s+(?:SockJS|WebSocket|StompJs|Client)\s*\(|\bStomp\s*\.\s*(?:over|client)\s*\("
)
_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<number>\d[\w.]*)
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_TEXTS = {
    "'": re.compile(r"'(?:[^'\\\n]|\\.)*", re.DOTALL),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*', re.DOTALL),
    "`": re.compile(r"`(?:[^`\\]|\\.)*", re.DOTALL),
}
"""Texts by their quotes, without the one that closes them."""
_NUMBER = re.compile(r"\d[\d_]*(?:\.\d+)?")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_ENDS_VALUE = frozenset((",", ";", "}", ")", "]", ""))
_OURS = ("accept-version", "heart-beat")
"""Headers of CONNECT that we write ourselves."""


@dataclass
class PastedCode:
    """What pasted code says of a connection."""

    url: str = ""
    """The address, "" if none was found; it may be relative to the page: "/ws"."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Of CONNECT, in their order, without login and passcode."""
    login: str | None = None
    passcode: str | None = None
    vhost: str | None = None
    heart_beat_out: int | None = None
    """Milliseconds, as all times."""
    heart_beat_in: int | None = None
    message_size: int | None = None
    """Bytes of a WebSocket message, where large frames are split."""
    unread: list[str] = field(default_factory=list)
    """Names of what stands there and could not be read."""
    has_headers: bool = False
    """Whether headers stand there; those that come first count."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def looks_like_code(text: str) -> bool:
    """Whether a text that was pasted is code that connects, and no URL."""
    return _LOOKS_LIKE.search(text[:LONGEST]) is not None


def read_code(text: str) -> PastedCode:
    """Read what can be read; never raises."""
    found = PastedCode()
    # Terminals paste lines with carriage returns.
    reader = _Reader(_tokens(text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")))
    for at, token in enumerate(reader.tokens):
        if token.kind == "name" or (token.kind == "text" and reader.sign(at + 1) == ":"):
            _take(found, reader, at)
    found.unread = list(dict.fromkeys(found.unread))
    return found


def code_text(taken: list[str], unread: list[str]) -> str:
    """What was taken from pasted code and what was not, in a sentence."""
    done = f"from the code: {', '.join(taken)}" if taken else "nothing in the pasted code says how to connect"
    return f"{done}; it computes {', '.join(unread)}: enter what is missing yourself" if unread else done


def _take(found: PastedCode, reader: _Reader, at: int) -> None:
    """Take what the name at a place introduces."""
    name = reader.word(at)
    if name in ("SockJS", "WebSocket", "client") and reader.sign(at + 1) == "(":
        # Of new SockJS(…), new WebSocket(…) and Stomp.client(…).
        if name != "client" or reader.sign(at - 1) == ".":
            _take_url(found, name, reader, at + 2)
    elif name == "connect" and reader.sign(at - 1) == "." and reader.sign(at + 1) == "(":
        _take_connect(found, reader, at + 2)
    elif reader.sign(at + 1) in (":", "=") and reader.sign(at + 2) != "=":
        _take_value(found, name, reader, at + 2)


def _take_value(found: PastedCode, name: str, reader: _Reader, at: int) -> None:
    number = reader.number(at)
    if name in ("brokerURL", "brokerUrl"):
        _take_url(found, name, reader, at)
    elif name == "connectHeaders":
        _take_headers(found, name, reader, at)
    elif name in ("heartbeatOutgoing", "outgoing", "heartbeatIncoming", "incoming", "maxWebSocketChunkSize"):
        if number is None:
            found.unread.append(name)
        elif name.endswith("utgoing"):
            found.heart_beat_out = number
        elif name.endswith("ncoming"):
            found.heart_beat_in = number
        else:
            found.message_size = number
    elif name == "splitLargeFrames" and reader.word(at) == "true" and found.message_size is None:
        found.message_size = 8192  # the default of @stomp/stompjs


def _take_url(found: PastedCode, name: str, reader: _Reader, at: int) -> None:
    text = reader.whole_text(at)
    if text is None:
        found.unread.append(name)
    elif text.strip() and not found.url:
        found.url = text.strip()


def _take_connect(found: PastedCode, reader: _Reader, at: int) -> None:
    """Of `connect({…}, …)`, or `connect('login', 'passcode', …)`."""
    if reader.sign(at) == "{":
        _take_headers(found, "connect", reader, at)
        return
    login, passcode = reader.whole_text(at), reader.whole_text(at + 2)
    if login is not None and reader.sign(at + 1) == ",":
        found.login = login
        if passcode is None:
            found.unread.append("passcode")
        else:
            found.passcode = passcode


def _take_headers(found: PastedCode, what: str, reader: _Reader, at: int) -> None:
    if found.has_headers:
        return
    if reader.sign(at) != "{":
        found.unread.append(what)
        return
    found.has_headers = True
    position = at + 1
    while reader.at(position) is not None and reader.sign(position) != "}":
        name, behind = reader.word(position), position + 1
        if reader.sign(position) == "[" and reader.at(position + 1) is not None:
            name, behind = reader.word(position + 1), position + 3
        value: str | None = None
        if reader.sign(behind) == ":":
            behind += 1
            value = reader.whole_text(behind)
            if value is None and (number := reader.number(behind)) is not None:
                value = str(number)
        position = reader.behind_value(behind)
        if reader.sign(position) == ",":
            position += 1
        if name:
            _take_header(found, name, value)


def _take_header(found: PastedCode, name: str, value: str | None) -> None:
    if name.lower() in _OURS:
        return
    # A value that is somebody else's text must not read our environment, files or commands.
    if value is None or has_source(value) or any(char in value for char in "\r\n\0"):
        found.unread.append(name)
    elif name == "login":
        found.login = value
    elif name == "passcode":
        found.passcode = value
    elif name == "host":
        found.vhost = value
    else:
        found.headers.append((name, value))


class _Reader:
    """Tokens by their place; places beyond them hold nothing."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens

    def at(self, place: int) -> _Token | None:
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def sign(self, place: int) -> str:
        """The sign at a place, "" if there is none."""
        token = self.at(place)
        return token.text if token is not None and token.kind == "sign" else ""

    def word(self, place: int) -> str:
        """The name or text at a place, "" if there is neither."""
        token = self.at(place)
        return token.text if token is not None and token.kind in ("name", "text") else ""

    def whole_text(self, place: int) -> str | None:
        """The text that is all of the value at a place; None if it is something else, or a part of it."""
        token = self.at(place)
        if token is None or token.kind != "text" or not self._ends(place + 1):
            return None
        return token.text

    def number(self, place: int) -> int | None:
        """The number that is all of the value at a place."""
        token = self.at(place)
        if token is None or token.kind != "number" or not self._ends(place + 1):
            return None
        digits = token.text.replace("_", "").partition(".")[0]
        return int(digits) if len(digits) <= 12 else None

    def _ends(self, place: int) -> bool:
        token = self.at(place)
        # Without semicolons a line begins with a name.
        return token is None or token.kind == "name" or (token.kind == "sign" and token.text in _ENDS_VALUE)

    def behind_value(self, place: int) -> int:
        """The place of the sign that ends the value at a place."""
        open_signs: list[str] = []
        while (token := self.at(place)) is not None:
            if token.kind == "sign":
                if open_signs and token.text == open_signs[-1]:
                    open_signs.pop()
                elif not open_signs and token.text in (",", "}", ")", "]"):
                    return place
                elif token.text in _CLOSING:
                    open_signs.append(_CLOSING[token.text])
            place += 1
        return place


def _tokens(text: str) -> list[_Token]:
    """The tokens of a text in one pass over it."""
    tokens = []
    # Where no quote of the kind closes a text, no later one does either, up to the place noted.
    unclosed = dict.fromkeys(_TEXTS, 0)
    place = 0
    while place < len(text):
        quote = text[place]
        if quote in _TEXTS:
            if place >= unclosed[quote] and (begun := _TEXTS[quote].match(text, place)) is not None:
                if text.startswith(quote, begun.end()):
                    tokens.append(_text(begun[0]))
                    place = begun.end() + 1
                    continue
                unclosed[quote] = begun.end()
            tokens.append(_Token("sign", quote))
            place += 1
            continue
        found = _TOKEN.match(text, place)
        assert found is not None, "its last part is any character"
        place, kind = found.end(), found.lastgroup or "blank"
        if kind == "number" and not _NUMBER.fullmatch(found[0]):
            kind = "computed"
        if kind != "blank":
            tokens.append(_Token(kind, found[0]))
    return tokens


def _text(piece: str) -> _Token:
    """The token of a text without the quote that closes it."""
    if piece[0] == "`" and "${" in piece:
        return _Token("computed", piece)
    return _Token("text", _ESCAPE.sub(_unescaped, piece[1:]))


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code is None:
        return _ESCAPED.get(found[4], found[4])
    value = int(code, 16)
    return chr(value) if value < 0x110000 and not 0xD800 <= value < 0xE000 else "\ufffd"
