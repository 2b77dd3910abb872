"""What the menu of the compose pane does with headers and body as text."""

from __future__ import annotations

import asyncio

from stomptui.compose.encoded import protobuf
from stomptui.compose.encoded.coding import NAMES, BodyCoding, Layer, decoded, layers_of
from stomptui.compose.encoded.items import CodingError, Item
from stomptui.compose.pasted_frame import begins_as_frame
from stomptui.compose.send_state import SendState
from stomptui.journal.views.personal import ViewFailed
from stomptui.ui.console.composing import Composing
from stomptui.ui.console.headers_as_text import edit_headers_as_text
from stomptui.ui.dialogs.choice import Choice, ChoiceScreen
from stomptui.ui.widgets.message.personal_body import personal_views

ENCODINGS = ("msgpack", "cbor", "gzip", "gzip msgpack", "gzip cbor", "protobuf", "deflate")
"""What a body can be encoded as, each as its layers with blanks between them."""
PLAIN = "plain"


def edit_headers(composing: Composing) -> None:
    """Edit the whole list of header lines as text."""
    edit_headers_as_text(composing.screen, composing.pane)


def take_apart(composing: Composing) -> None:
    """Make a message of the frame in the body."""
    composing.pane.body_actions.take_apart()


def no_frame(composing: Composing) -> str:
    """Why the body cannot be taken apart, "" if it can."""
    body = composing.pane.draft.body
    return "" if isinstance(body, str) and begins_as_frame(body[:2000]) else "the body is no frame"


def edit_body(composing: Composing) -> None:
    """Edit what the bytes of the body mean as text; what that is, is asked only where it cannot be seen."""
    pane = composing.pane
    body = pane.draft.body
    views = personal_views(pane)
    message = views.message_of(pane.draft.destination) if views else ""
    from stomptui.ui.console.body_layers import guessed, hints_of

    try:
        data = pane.draft.body_bytes()
        layers = guessed(pane.draft, data, bool(message))
    except ValueError as error:
        pane.show_outcome(SendState.PROBLEM, f"not edited as text: {error}")
        return

    def by_type(inside: bytes) -> list[Item]:
        assert views is not None
        schema, name = views.schema_with(message)
        return protobuf.from_bytes(inside, hints_of(schema), name)

    async def decode(layers: tuple[Layer, ...]) -> None:
        decoder = by_type if message and layers[-1] == "protobuf" else None
        try:
            coding = await asyncio.to_thread(decoded, data, layers, decoder)
        except (CodingError, ViewFailed) as error:
            pane.show_outcome(SendState.PROBLEM, f"not edited as text: {error}")
            return
        if pane.draft.body == body and pane.draft.coding is None:
            pane.set_coding(coding)

    def chosen(names: str | None) -> None:
        if names is not None:
            composing.screen.run_worker(decode(layers_of(names.split())))

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
    if draft.coding is not None:
        return "it is text already"
    # A message in Protobuf may happen to be text as well.
    views = personal_views(composing.pane)
    return (
        "" if isinstance(draft.body, bytes) or (views and views.message_of(draft.destination)) else "it is text already"
    )


def no_text(composing: Composing) -> str:
    """Why the body cannot be encoded, "" if it can."""
    draft = composing.pane.draft
    if draft.body_file is not None:
        return "the body is a file"
    return "" if isinstance(draft.body, str) else "it is bytes already"
