"""The frame that is shown, what is known of it, and what is derived from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from stomptui.journal.body import Content, content_of
from stomptui.journal.formats import NAMES
from stomptui.journal.secrets import masked_frame
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame
from stomptui.ui.widgets.log.columns import size_text


@dataclass(frozen=True)
class ShownFrame:
    """A frame, and what the journal and the broker's dialect say of it."""

    frame: Frame
    odd: str = ""
    """What was odd about it on the wire, "" if nothing."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What headers mean on this broker, where that is more than STOMP says."""
    about: str = ""
    """What became of it, "" if that is not known."""
    sent: bool = False
    """Whether the person sent it."""

    @cached_property
    def content(self) -> Content:
        """The body, opened and decoded."""
        return content_of(self.frame)

    @cached_property
    def masked(self) -> Frame:
        """The frame without its secrets; the frame itself if it has none."""
        return masked_frame(self.frame, self.sent)

    @property
    def error_text(self) -> str:
        """What an ERROR says in its `message` header, which may be all it says; "" for other frames."""
        return error_text(self.frame)

    @property
    def summary(self) -> str:
        """The size of the body, its content-type and its charset or format; clean."""
        content = self.content
        kind = content.media_type or content.kind
        how = content.charset or (NAMES[content.format] if content.format else "")
        how = "" if how.lower() == kind.lower() else how
        return " · ".join(filter(None, (size_text(self.frame.body_size), clean(kind), how)))


def error_text(frame: Frame) -> str:
    """What an ERROR says in its `message` header; "" for other frames."""
    return (frame.get("message") or "") if frame.command == "ERROR" else ""
