"""What the menu of the compose pane does with headers and body as text."""

from __future__ import annotations

import asyncio

from stomptui.compose.draft import HeaderLine
from stomptui.compose.encoded.coding import NAMES, BodyCoding, decoded, layers_of
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.pasted_frame import begins_as_frame
from stomptui.compose.send_state import SendState
from stomptui.ui.console.composing import Composing
from stomptui.ui.dialogs.choice import Choice, ChoiceScreen

ENCODINGS = ("msgpack", "cbor", "gzip", "gzip msgpack", "gzip cbor", "protobuf", "deflate")
"""What a body can be encoded as, each as its layers with blanks between them."""
PLAIN = "plain"


def edit_headers(composing: Composing) -> None:
    """Edit the whole list of header lines as text."""
    # What only a dialog needs is imported where it is opened.
    from stomptui.ui.dialogs.headers_text import HeadersTextScreen

    def answered(lines: list[HeaderLine] | None) -> None:
        if lines is not None:
            composing.pane.set_headers(lines)

    composing.screen.app.push_screen(HeadersTextScreen(composing.pane.draft.headers), answered)


def take_apart(composing: Composing) -> None:
    """Make a message of the frame in the body."""
    composing.pane.take_body_apart()


def no_frame(composing: Composing) -> str:
    """Why the body cannot be taken apart, "" if it can."""
    body = composing.pane.draft.body
    return "" if isinstance(body, str) and begins_as_frame(body[:2000]) else "the body is no SEND or MESSAGE frame"


def edit_body(composing: Composing) -> None:
    """Edit what the bytes of the body mean as text; what that is, is asked only where it cannot be seen."""
    draft = composing.pane.draft.copy()
    if not isinstance(draft.body, bytes):
        return
    data = draft.body
    from stomptui.ui.console.body_coding import guessed

    try:
        layers = guessed(draft, data)
    except CodingError as error:
        composing.pane.show_outcome(SendState.PROBLEM, f"not edited as text: {error}")
        return

    async def decode(names: tuple[str, ...]) -> None:
        pane = composing.pane
        try:
            coding = await asyncio.to_thread(decoded, data, layers_of(names))
        except CodingError as error:
            pane.show_outcome(SendState.PROBLEM, f"not edited as text: {error}")
            return
        if pane.draft.body == data:
            pane.set_coding(coding)

    def chosen(names: str | None) -> None:
        if names is not None:
            composing.screen.run_worker(decode(tuple(names.split())))

    if layers:
        composing.screen.run_worker(decode(layers))
    else:
        composing.screen.app.push_screen(ChoiceScreen("Edit these bytes as the text of what?", _choices()), chosen)


def encode_body(composing: Composing) -> None:
    """Choose what becomes of the text of the body when it is sent."""
    pane = composing.pane
    now = pane.draft.coding

    def chosen(names: str | None) -> None:
        if names == PLAIN:
            pane.set_coding(None)
        elif names is not None and (now is None or names != " ".join(now.layers)):
            pane.set_coding(BodyCoding(layers_of(names.split())))

    choices = [Choice(PLAIN, "Plain text", "as it stands"), *_choices()]
    current = PLAIN if now is None else " ".join(now.layers)
    composing.screen.app.push_screen(ChoiceScreen("Encode the text of the body as what?", choices, current), chosen)


def _choices() -> list[Choice]:
    return [Choice(names, " in ".join(NAMES[layer] for layer in layers_of(names.split())[::-1])) for names in ENCODINGS]


def no_bytes(composing: Composing) -> str:
    """Why the body cannot be edited as text, "" if it can."""
    draft = composing.pane.draft
    if draft.body_file is not None:
        return "the body is a file"
    return "" if isinstance(draft.body, bytes) else "it is text already"


def no_text(composing: Composing) -> str:
    """Why the body cannot be encoded, "" if it can."""
    draft = composing.pane.draft
    if draft.body_file is not None:
        return "the body is a file"
    return "" if isinstance(draft.body, str) else "it is bytes already"
