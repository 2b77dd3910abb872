"""The transactions of one session: what waits for COMMIT."""

from __future__ import annotations

from stomptui.embedded.refused import FrameRefused
from stomptui.protocol.frame import Frame


class Transactions:
    """SEND, ACK and NACK frames in the order they came, by the name of their transaction."""

    def __init__(self) -> None:
        self._steps: dict[str, list[Frame]] = {}

    def begin(self, frame: Frame) -> None:
        """Open one; to open it twice changes nothing, as on RabbitMQ."""
        self._steps.setdefault(_name(frame), [])

    def keep(self, frame: Frame) -> bool:
        """Keep a frame for its COMMIT; False if it belongs to no transaction."""
        if frame.get("transaction") is None:
            return False
        self.steps(frame).append(frame)
        return True

    def steps(self, frame: Frame) -> list[Frame]:
        """What was kept for the transaction that a frame names."""
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
