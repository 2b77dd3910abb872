"""A process that moves a whole queue, to be killed: `python -m tests.support.mover PORT LOGIN QUEUE TARGET`."""

from __future__ import annotations

import sys

from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.peeking import peeking


def main() -> None:
    port, login, queue, target = sys.argv[1:]
    with peeking(Connection(port=int(port), login=login, passcode=login), queue, hold=300.0) as peek:
        count = peek.look(PeekOptions(None)).count
        peek.peek.act(Action("move", target, accepts_unknown=True), list(enumerate(peek.frames)))
        peek.wait(r.MessageOutcomes)
        print(f"moving {count}", flush=True)
        print(peek.wait(r.ActionEnded, timeout=300).result.text, flush=True)


if __name__ == "__main__":
    main()
