"""What a broker needs to send messages on to other destinations: targets, preparing, a connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.events import Event
from stomptui.protocol.codec import EncodeError, encode
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import Action, ActionTarget, Items, PreparedMessage
from stomptui.queues.actions.edit import Edit
from stomptui.queues.actions.pipeline import FrameSpec
from stomptui.queues.headers.preparing import MessagePreparer
from stomptui.queues.peek.reader import QueueReader
from stomptui.queues.sending.sending_connection import SendingConnection
from stomptui.queues.sending.targets import Targets

RECEIPT = len("receipt:1234567\n")


@dataclass
class Forwarding:
    """How messages get to other destinations."""

    context: AccessContext
    dialect: Dialect
    sender: SendingConnection
    messages: MessagePreparer
    targets: Targets
    read: Callable[[AccessContext, str], QueueReader]
    """Makes a reader of a target, to find out after a fault what arrived there."""
    overheard: Callable[[Event], str | None]
    """Takes in events that came meanwhile and are no answer to what was sent; as of `UnackedSubscription.received`."""
    window: ClassVar[int] = 200
    """Messages under way at once."""

    def destination(self, action: Action, message: Frame) -> str:
        """Where an action sends a message, as it was named; "" if nobody knows."""
        return (self.messages.origin(message) or action.target) if action.kind == "retry" else action.target

    def prepared(self, action: Action, message: Frame) -> PreparedMessage:
        """What an action sends of a message."""
        prepared = action.edited or self.messages.prepare(message, action.kind == "retry")
        if action.edit is not None:
            prepared = _after(action.edit, prepared)
        if not action.edits or prepared.problem:
            return prepared
        return prepared._replace(problem=self.messages.edited_problem(message, prepared))

    def checked(self, name: str) -> ActionTarget:
        """What is known of one destination. Raises `ClientError`."""
        misread = self.dialect.misread(name, self.sender.version)
        return ActionTarget(name, refusal=f"“{shown(name)}”: {misread}") if misread else self.targets.check(name)

    def checked_targets(self, action: Action, items: Items) -> dict[str, ActionTarget]:
        """What is known of each destination an action sends to, by the destination as it was named; {} if it sends
        nothing. Raises `ClientError`."""
        if not action.sends:
            return {}
        wanted = dict.fromkeys(self.destination(action, message) for _, message in items)
        return {name: self.checked(name) for name in wanted if name}

    def frame_problem(self, frame: FrameSpec) -> str:
        """Why STOMP or the broker cannot take a frame that is to be sent with a receipt, "" if they can."""
        command, headers, body = frame
        version, dialect = self.sender.version, self.dialect
        named = next((value for name, value in headers if name == "destination"), "")
        if misread := dialect.misread(named, version):
            return misread
        try:
            size = len(encode(command, headers, body, version)) + RECEIPT
        except EncodeError as error:
            return str(error)
        limit, header_limit = dialect.frame_limit, dialect.header_limit
        if limit is not None and size > limit:
            return f"it is too large to be sent: a frame of {size:,} bytes, {dialect.title} takes {limit:,}"
        count = len({name for name, _ in headers}) + 1
        if header_limit is not None and count > header_limit:
            return f"it has too many headers to be sent: {count}, {dialect.title} takes {header_limit}"
        return ""


def _after(edit: Edit, prepared: PreparedMessage) -> PreparedMessage:
    """A message after an edit; one that stays as it is has a problem, since nothing is to be done with it."""
    headers, changed = edit.headers(prepared.headers)
    body, replaced, why = edit.body(prepared.body)
    why = prepared.problem or why or ("" if changed or replaced else "nothing in it is changed")
    return prepared._replace(headers=headers, body=body, problem=why, changed=(*prepared.changed, *changed, *replaced))
