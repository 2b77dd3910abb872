"""`make brokers`: get the brokers that the system's packages do not bring, once; what is there already stays."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.support.brokers import REGISTRY, Broker
from tests.support.brokers.base import CannotFetch
from tests.support.needs import REQUIRED


def get(kind: type[Broker]) -> tuple[str, int]:
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
    with ThreadPoolExecutor(2) as pool:
        for kind, (lacking, seconds) in zip(REGISTRY.values(), pool.map(get, REGISTRY.values()), strict=True):
            print(f"{kind.title}: {lacking or 'ready'} ({seconds} s)", flush=True)
            complete = complete and not lacking
    return int(REQUIRED and not complete)


if __name__ == "__main__":
    sys.exit(main())
