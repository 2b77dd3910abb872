"""How a broker has its messages acknowledged and rejected (STOMP 1.0 to 1.2, "ACK" and "NACK")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stomptui.protocol.frame import Frame


@dataclass(frozen=True)
class Acknowledgement:
    """ACK and NACK as STOMP has them; subclasses are for brokers that read other headers."""

    nack_meaning: str = "what a NACK does here is not known"
    nack_destroys: bool = False
    """Whether a NACK deletes the message, which the person has to confirm every time."""
    cumulative_over: Literal["subscription", "connection"] = "subscription"
    """What an ACK in mode client covers: all messages before it on its subscription, or on its connection."""
    knows_requeue: bool = False
    """Whether NACK has a `requeue` header."""
    refusal: str = ""
    """Why neither ACK nor NACK is ever sent, "" if they are."""

    def ack_headers(self, message: Frame, version: str) -> list[tuple[str, str]]:
        """The headers that name a message in ACK and NACK.

        Raises:
            ValueError: The message has no header to name it by, or there is a `refusal`.
        """
        if self.refusal:
            raise ValueError(self.refusal)
        message_id, subscription = message.get("message-id"), message.get("subscription")
        if version == "1.2":
            name = message.get("ack") or message_id
            if name:
                return [("id", name)]
        elif message_id:
            lines = [("message-id", message_id)]
            return [*lines, ("subscription", subscription)] if version == "1.1" and subscription else lines
        raise ValueError("this message cannot be acknowledged: it has neither an ack nor a message-id header")

    def can_nack(self, version: str) -> bool:
        """Whether there is NACK in a version (since STOMP 1.1)."""
        return version != "1.0"

    def nack_headers(self, requeue: bool | None) -> list[tuple[str, str]]:
        """Headers of NACK that return a message to its queue (True) or not (False); None leaves it to the broker."""
        return []
