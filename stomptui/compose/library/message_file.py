"""What a file of a library has in it: reading one, and writing one without losing what a person added to it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.library.saved_message import LibraryError, SavedMessage
from stomptui.compose.library.toml_text import toml_text
from stomptui.compose.variables.names_only import kept_value
from stomptui.config.secret_names import MASK
from stomptui.config.unknown_keys import unknown_keys

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SWITCHES = ("receipt", "content-length", "variables")
KEYS = ("name", "description", "destination", *SWITCHES, "headers", "body", "body-file")
LINE_KEYS = ("name", "value", "enabled")
_LINES = '[{ name = "app-id", value = "APP" }]'


@dataclass(frozen=True)
class Parsed:
    """What a file says.

    Args:
        message: The message, without the body of a file of its own.
        body_file: The path of that file as it is written, "" if the body is in the file itself.
        note: One sentence about unknown keys, "" if there are none.
    """

    message: SavedMessage
    body_file: str = ""
    note: str = ""


def parse(data: bytes, name: str, folder: str = "") -> Parsed:
    """Read a file.

    Args:
        data: What is in it.
        name: What the message is called if the file does not say.
        folder: Where it is, as of `SavedMessage`.

    Raises:
        LibraryError: It is no saved message.
    """
    table = _loaded(data)

    def value(key: str, kind: type, default: Any, words: str) -> Any:
        found = table.get(key, default)
        if not isinstance(found, kind):
            raise LibraryError(f"{key}: {words} is expected")
        return found

    def text(key: str) -> str:
        return str(value(key, str, "", "a text in quotes"))

    if "body" in table and "body-file" in table:
        raise LibraryError("there are both body and body-file: one of them is expected")
    lines = [_line(line) for line in value("headers", list, [], f"a list such as {_LINES}")]
    receipt, content_length, variables = (bool(value(key, bool, True, "true or false")) for key in SWITCHES)
    draft = Draft(text("destination"), lines, text("body"), None, receipt, content_length, variables)
    message = SavedMessage(text("name").strip() or name, draft, folder, text("description"))
    note = unknown_keys("the file", table, KEYS)
    return Parsed(message, text("body-file"), note)


def write(message: SavedMessage, body_file: str = "", before: bytes | None = None) -> bytes:
    """The content of a file, without secrets.

    Args:
        message: The message; its body is left out if there is a file for it.
        body_file: The path of the body's file, with slashes; "" if the body is written into the file itself.
        before: What is in the file now. Comments and keys that are not ours stay.

    Raises:
        LibraryError: The message cannot be written as TOML.
    """
    wanted = _wanted(message, body_file)
    fresh = "".join(f"{key} = {text}\n" for key, text in wanted.items()).encode()
    return fresh if before is None else _changed(before, wanted, fresh)


def left_out(draft: Draft) -> list[str]:
    """The names of the headers whose values, or secrets in them, are not saved, each once."""
    lines = draft.headers
    return list(dict.fromkeys(each.name for each in lines if _kept(each, draft.variables) != each.value))


def _loaded(data: bytes) -> Mapping[str, Any]:
    try:
        # Some editors put a byte order mark there.
        found: Mapping[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise LibraryError("it is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise LibraryError(f"it is no TOML: {error}") from None
    return found


def _line(line: Any) -> HeaderLine:
    if (
        not isinstance(line, dict)
        or not isinstance(line.get("name"), str)
        or not isinstance(line.get("value", ""), str)
        or not isinstance(line.get("enabled", True), bool)
        or not line.keys() <= set(LINE_KEYS)
    ):
        raise LibraryError(f"headers: a list such as {_LINES} is expected")
    return HeaderLine(line["name"], line.get("value", MASK), line.get("enabled", True))


def _wanted(message: SavedMessage, body_file: str) -> dict[str, str]:
    """Each key with its value as TOML, in the order of the file."""
    draft = message.draft
    found = {"name": _text("the name", message.name)}
    if message.description:
        found["description"] = _text("the description", message.description)
    found["destination"] = _text("the destination", draft.destination)
    for key, on in zip(SWITCHES, (draft.receipt, draft.content_length, draft.variables), strict=True):
        found[key] = "true" if on else "false"
    if draft.headers:
        lines = "".join(f"    {_header(line, draft.variables)},\n" for line in draft.headers)
        found["headers"] = f"[\n{lines}]"
    if body_file:
        found["body-file"] = _text("the body's file", body_file)
    elif isinstance(draft.body, bytes):
        raise LibraryError("a body of bytes needs a file of its own")
    elif draft.body:
        found["body"] = _text("the body", draft.body)
    return found


def _header(line: HeaderLine, variables: bool) -> str:
    parts = [f"name = {_text('the name of a header', line.name)}"]
    if (value := _kept(line, variables)) is not None:
        parts.append(f"value = {_text(f'the header {line.name}', value)}")
    if not line.enabled:
        parts.append("enabled = false")
    return f"{{ {', '.join(parts)} }}"


def _kept(line: HeaderLine, variables: bool) -> str | None:
    """What is saved of a value: None for nothing of it."""
    kept = kept_value(line.name, line.value, variables)
    return None if kept == MASK else kept


def _text(what: str, text: str) -> str:
    # In braces a text over several lines would not be TOML.
    try:
        return toml_text(text, lines=what == "the body" or what == "the description")
    except ValueError as error:
        raise LibraryError(f"{what} cannot be saved: {error}") from None


def _changed(before: bytes, wanted: Mapping[str, str], fresh: bytes) -> bytes:
    """The file with what is new in it; all of it anew if that does not read as it should."""
    try:
        document = tomlkit.parse(before.decode("utf-8-sig"))
        for key in KEYS:
            if key not in wanted:
                document.pop(key, None)
                continue
            new = tomlkit.parse(f"value = {wanted[key]}\n")["value"]
            if key not in document or _plain(document[key]) != _plain(new):
                document[key] = new
        changed = tomlkit.dumps(document).encode()
        if _ours(changed) == _ours(fresh):
            return changed
    except (TOMLKitError, LibraryError, ValueError, RecursionError):
        pass
    return fresh


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _ours(data: bytes) -> dict[str, Any]:
    return {key: value for key, value in _loaded(data).items() if key in KEYS}
