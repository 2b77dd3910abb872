"""Leaving on SIGHUP, SIGTERM and SIGINT, with the terminal restored."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from textual.app import App

from stomptui.config.signals import ENDING

log = logging.getLogger(__name__)


def install(app: App[Any]) -> None:
    """Make SIGTERM, SIGHUP and SIGINT end the app as quitting does, with exit status 128 + n. Call it once mounted."""
    loop = asyncio.get_running_loop()
    for number in ENDING:
        try:
            loop.add_signal_handler(number, _leave, app, number)
        except (NotImplementedError, RuntimeError, ValueError) as error:
            log.info("signal %s keeps its default: %s", number, error)
            return


def _leave(app: App[Any], number: int) -> None:
    log.info("leaving: signal %s", number)
    app.exit(return_code=128 + number)
