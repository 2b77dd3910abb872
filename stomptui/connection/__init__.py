"""One connection to a broker and keeping one: sessions, receipts, reconnect, subscriptions. Alone imports stomp.

Importing this package sets what must be set before stomp is imported.
"""

from __future__ import annotations

import os

from stomptui.connection.program_log import tame_stomp_logging

# Without this stomp.py asks the name server for this machine's names when it is imported: 20 s if there is no answer.
os.environ.setdefault("STOMP_SKIP_HOSTNAME_SCAN", "1")
tame_stomp_logging()
