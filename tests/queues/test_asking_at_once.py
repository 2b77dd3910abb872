"""Several threads ask a management at once, the first of them while what speaks HTTP is still being imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import importlib.abc, sys, threading, time

class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.startswith("urllib3"):
            time.sleep(0.02)

sys.meta_path.insert(0, Slow())
from stomptui.connection.blocking_client import ClientError
from stomptui.queues.listing.http import Http
from stomptui.config.connection import Connection
from stomptui.config.management import parse_management

def ask():
    try:
        Http(parse_management("http://127.0.0.1:1"), Connection()).get("/api/whoami")
    except ClientError:
        sys.stdout.write("not reached\\n")

first, second = (threading.Thread(target=ask) for _ in range(2))
first.start()
while "urllib3.exceptions" not in sys.modules:
    time.sleep(0.001)
second.start()
first.join()
second.join()
"""


def test_threads_that_ask_at_once_get_all_of_what_they_import() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert (run.stdout.count("not reached"), run.stderr) == (2, "")
