"""The keys of what is done with messages, which the console and a peek share, and of its form and result."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.protocol.features import Feature
from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

ACK = Key(
    "act.ack",
    "a",
    "act('ack')",
    "Ack",
    "Acknowledge: it leaves the queue",
    display="a",
    words="acknowledge confirm consume accept",
    changes=True,
    needs=Feature.ACKNOWLEDGEMENTS,
)
REJECT = Key(
    "act.reject",
    "n",
    "act('reject')",
    "Nack",
    "Reject it",
    display="n",
    words="reject refuse dismiss",
    changes=True,
    needs=Feature.ACKNOWLEDGEMENTS,
)
MOVE = Key(
    "act.move",
    "m",
    "act('move')",
    "Move",
    "Move to another queue",
    display="m",
    words="requeue transfer shovel forward",
    changes=True,
    needs=Feature.ACKNOWLEDGEMENTS,
)
RETRY = Key(
    "act.retry",
    "t",
    "act('retry')",
    "Retry",
    "Move a dead letter back where it came from",
    display="t",
    words="dead letter dlq redeliver replay requeue resend",
    changes=True,
    needs=Feature.ACKNOWLEDGEMENTS,
)
DELETE = Key(
    "act.delete",
    "d",
    "act('delete')",
    "Delete",
    "Delete permanently from the queue",
    display="d",
    words="remove discard drop purge",
    changes=True,
    needs=Feature.ACKNOWLEDGEMENTS,
)
COPY = Key(
    "act.copy",
    "C",
    "act('copy')",
    "Copy to",
    "Send a copy elsewhere",
    display="C",
    words="duplicate forward clone",
    changes=True,
)
SAVE = Key(
    "act.save",
    "W",
    "save_messages",
    "Save",
    "Save messages as JSON Lines",
    display="W",
    words="export download file jsonl",
)
COPY_BODY = Key(
    "act.copy_body",
    "y",
    "copy_body",
    "Copy body",
    "Copy the body to the terminal's clipboard",
    words="clipboard yank payload",
)
REPLY = Key(
    "act.reply",
    "B",
    "reply",
    "Reply",
    "Write back to the reply-to of this message",
    display="B",
    words="answer respond reply-to correlation-id",
    changes=True,
)
COPY_AS = Key(
    "act.copy_as",
    "A",
    "copy_as",
    "Copy as",
    "Copy it as a program that sends it, a JSON line or bytes",
    display="A",
    words="clipboard snippet code python shell lua javascript java json base64 export",
)
COMPARE = Key(
    "act.compare",
    "equals_sign",
    "compare",
    "Compare",
    "Compare the two marked messages, or the marked one with that under the cursor",
    display="=",
    words="diff difference side by side versus",
)
KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.ACTION_FORM: (
        Key("action.cancel", "escape", "cancel", "Cancel", "Leave everything as it is"),
        Key("action.accept", "f5,ctrl+g", "accept", "Do it", "Check it, then do it"),
    ),
    Place.RESULT: (Key("result.close", "escape,q,enter", "dismiss", "Close", "Back to the messages"),),
}
