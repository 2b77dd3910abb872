"""Turns the characters a terminal sends into Textual's events: keys, pastes, mouse, replies."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from textual import _xterm_parser as xterm
from textual import constants, events
from textual.keys import Keys
from textual.message import Message

from stomptui.ui.terminal.tokens import Kind, Token, Tokenizer

log = logging.getLogger(__name__)

# Textual takes these for letters of a Mac keyboard, or for other keys: Alt with a key is said to be just that.
_WORDS = {"b": "ctrl+left", "f": "ctrl+right", "\x7f": "ctrl+w"}
_REPORTS = (
    xterm._re_in_band_window_resize,
    xterm._re_cursor_position,
    xterm._re_mouse_event,
    xterm._re_terminal_mode_response,
)
# xterm's own form of a key with modifiers, which Textual reads as the character that it types.
_MODIFIED = re.compile(r"\x1b\[27;(\d+);(\d+)~")
_WITH_TEXT = re.compile(r"\x1b\[(\d+)(?::[\d:]*)?;(\d+)(?::\d+)?;(\d+)u")
LONGEST_KEY = 64
"""Characters that say a key, the mouse or a size at most; Textual's patterns take very long over more."""
_ALT = 2
"""The bit for Alt in the modifiers of a key, which are counted from 1."""


class TerminalParser:
    """Turns what is read into events, as Textual's parser does, but for pastes and for Alt sent as an escape.

    Args:
        escape_delay: Seconds within which what follows an escape belongs to it.
        clock: Seconds that only go forward.
    """

    def __init__(self, escape_delay: float = constants.ESCAPE_DELAY, clock: Callable[[], float] = monotonic) -> None:
        self._tokenizer = Tokenizer(escape_delay, clock)
        self._textual = xterm.XTermParser()

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to decide, by the clock; None if it has not."""
        return self._tokenizer.deadline

    def feed(self, data: str) -> Iterator[Message]:
        """The events of these characters."""
        yield from self._events(self._tokenizer.feed(data))

    def tick(self) -> Iterator[Message]:
        """The events of what came before and is finished by time."""
        yield from self._events(self._tokenizer.tick())

    def _events(self, tokens: Iterable[Token]) -> Iterator[Message]:
        for token in tokens:
            for event in self._event(token):
                if not (isinstance(event, events.Key) and event.key == Keys.Ignore):
                    yield event

    def _event(self, token: Token) -> Iterator[Message]:
        text = token.text
        match token.kind:
            case Kind.CHARACTER:
                yield from self._textual._sequence_to_key_events(text)
            case Kind.ESCAPE:
                yield events.Key("escape", "\x1b")
            case Kind.PASTE:
                yield events.Paste(text)
            case Kind.ALT:
                yield from self._alt(text)
            case Kind.SEQUENCE:
                yield from self._sequence(text)

    def _alt(self, text: str) -> Iterator[Message]:
        if text in _WORDS:
            yield events.Key(_WORDS[text], None)
            return
        for key in self._textual._sequence_to_key_events(text):
            name = key.key
            if len(name) == 1 and name.isupper():
                name = f"shift+{name.lower()}"
            # It types nothing, whatever it is bound to.
            yield events.Key("+".join((*sorted({"alt", *name.split("+")[:-1]}), name.split("+")[-1])), None)

    def _sequence(self, text: str) -> Iterator[Message]:
        if len(text) > LONGEST_KEY:
            log.debug("the terminal sent %d characters, which are no key", len(text))
            return
        if found := _MODIFIED.fullmatch(text):
            text = f"\x1b[{found[2]};{found[1]}u"
        elif (found := _WITH_TEXT.fullmatch(text)) and (int(found[2]) - 1) & _ALT and found[1] == found[3]:
            # With Alt the key is what counts; a character of its own it has only where the layout makes another one.
            text = f"\x1b[{found[1]};{found[2]}u"
        if text in xterm.SPECIAL_SEQUENCES or any(known.match(text) for known in _REPORTS):
            yield from self._textual.feed(text)
            return
        try:
            keys = list(self._textual._sequence_to_key_events(text))
        except (ValueError, OverflowError):
            # A number that is no character's.
            keys = []
        # Numbers that the kitty protocol keeps for keys that Textual does not know are no characters.
        keys = [key for key in keys if not "\ue000" <= key.key <= "\uf8ff"]
        if not keys:
            log.debug("the terminal sent %r, which is no key", text)
        yield from keys
