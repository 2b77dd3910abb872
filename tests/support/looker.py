"""A process that looks into a queue and stays, to be killed: `python -m tests.support.looker PORT LOGIN QUEUE`."""

from __future__ import annotations

import sys
import threading

from stomptui.config.connection import Connection
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.peeking import peeking


def main() -> None:
    port, login, queue = sys.argv[1:]
    with peeking(Connection(port=int(port), login=login, passcode=login), queue, hold=300.0) as peek:
        looked = peek.look(PeekOptions(None))
        print(f"shown {looked.count}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
