"""Talking to a broker: alone imports stomp.

Importing this package prepares what must be settled before stomp itself is imported.
"""

from __future__ import annotations

import os

from stomptui.connection.stomp_log import tame_stomp_logging

# Without this stomp.py asks the name server for this machine's names when it is imported: 20 s if there is no answer.
os.environ.setdefault("STOMP_SKIP_HOSTNAME_SCAN", "1")
tame_stomp_logging()
