"""`make brokers`: get, once, the brokers and clients that the packages of the system do not bring."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from tests.support.brokers import REGISTRY
from tests.support.brokers.base import CannotFetch
from tests.support.needs import REQUIRED
from tests.support.snippet_clients import CLIENTS


class Fetched(Protocol):
    """What is downloaded unless it is there."""

    @property
    def title(self) -> str: ...

    def fetch(self) -> None: ...

    def missing(self) -> str: ...

    def version(self) -> str: ...


def get(kind: Fetched) -> tuple[str, int]:
    """Fetch one; what it still lacks, "" if nothing, and how many seconds it took."""
    start = time.monotonic()
    try:
        kind.fetch()
        lacking = kind.missing()
    except CannotFetch as error:
        lacking = str(error)
    return lacking, round(time.monotonic() - start)


def main() -> int:
    """Status 1 if one is missing where all are required; a download that fails is an exception."""
    complete = True
    wanted: tuple[Fetched, ...] = (*REGISTRY.values(), *CLIENTS)
    with ThreadPoolExecutor(2) as pool:
        for kind, (lacking, seconds) in zip(wanted, pool.map(get, wanted), strict=True):
            state = lacking or f"ready {kind.version()}".rstrip()
            print(f"{kind.title}: {state} ({seconds} s)", flush=True)
            complete = complete and not lacking
    return int(REQUIRED and not complete)


if __name__ == "__main__":
    sys.exit(main())
