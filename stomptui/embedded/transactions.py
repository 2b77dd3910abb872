"""The open transactions of one session: the frames that wait for COMMIT (STOMP 1.2, "BEGIN")."""

from __future__ import annotations

from stomptui.embedded.refused import FrameRefused
from stomptui.protocol.frame import Frame


class Transactions:
    """SEND, ACK and NACK frames in order, by the name of their transaction."""

    def __init__(self) -> None:
        self._steps: dict[str, list[Frame]] = {}

    def begin(self, frame: Frame) -> None:
        """Begin one; beginning it twice changes nothing, as on RabbitMQ."""
        self._steps.setdefault(_name(frame), [])

    def keep(self, frame: Frame) -> bool:
        """Keep a frame until COMMIT; returns False if it belongs to no transaction."""
        if frame.get("transaction") is None:
            return False
        self.steps(frame).append(frame)
        return True

    def steps(self, frame: Frame) -> list[Frame]:
        """The frames of the transaction that a frame names. Raises `FrameRefused` if there is none."""
        steps = self._steps.get(_name(frame))
        if steps is None:
            raise FrameRefused("Bad transaction", f'Invalid transaction identifier: "{_name(frame)}"\n')
        return steps

    def end(self, frame: Frame) -> None:
        """Forget the transaction that a frame names."""
        self.steps(frame)
        del self._steps[_name(frame)]


def _name(frame: Frame) -> str:
    name = frame.get("transaction")
    if name is None:
        raise FrameRefused("Missing transaction", f"\"{frame.command}\" must include a 'transaction' header\n")
    return name
