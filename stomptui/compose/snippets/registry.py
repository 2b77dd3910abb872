"""What a draft can be copied as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stomptui.compose.draft import Draft
from stomptui.compose.snippets import data, java, javascript, lua, python, shell
from stomptui.compose.snippets.message import NotWritten, SnippetMessage, Target, message_of


@dataclass(frozen=True)
class Language:
    """One thing that a draft can be copied as."""

    key: str
    title: str
    """As a person reads it."""
    note: str
    """What it is for or needs, in a few words."""
    write: Callable[[SnippetMessage], str]
    refusal: Callable[[Target], str]
    """Why it cannot be done for a target, "" if it can."""
    program: bool = True
    """Whether it can take secrets from the environment, and say in a comment what it cannot express."""


LANGUAGES: tuple[Language, ...] = (
    Language("python", "Python", "stomp.py", python.write, python.refusal),
    Language("shell", "Shell", "printf and nc, or openssl", shell.write, shell.refusal),
    Language("json", "JSON line", "for stomptui refill", data.json_line, data.refusal, program=False),
    Language("frame", "Frame", "its bytes as Base64", data.frame_base64, data.refusal, program=False),
    Language("lua", "Lua", "luasocket, frames spelt out", lua.write, lua.refusal),
    Language("javascript", "JavaScript", "Node, @stomp/stompjs", javascript.write, javascript.refusal),
    Language("java", "Java", "Spring, over TCP or TLS", java.write, java.refusal),
)


@dataclass(frozen=True)
class Snippet:
    """A draft in a language."""

    text: str
    notes: tuple[str, ...]
    """What the person is to know of it beside that."""


def snippet_of(draft: Draft, target: Target, language: Language) -> Snippet:
    """Write a draft in a language. Reads the file of the body, if there is one.

    Raises:
        NotWritten: It cannot be written, for the reason in its text.
    """
    if why := language.refusal(target):
        raise NotWritten(f"{why}: this connection needs another language")
    message = message_of(draft, target)
    return Snippet(language.write(message), tuple(_notes(message, language)))


def _notes(message: SnippetMessage, language: Language) -> list[str]:
    if language.program:
        names = [name for name, _ in message.variables]
        return [f"it takes {' and '.join(names)} from the environment"] if names else []
    return [f"masked: {', '.join(dict.fromkeys(message.secrets))}"] if message.secrets else []
