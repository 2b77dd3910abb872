"""Which frames change nothing on Artemis: operations of its management that only tell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import ClassVar

from stomptui.brokers.artemis.management.client import PLACE
from stomptui.connection.dialect.read_only import ReadOnlyRules

_TELLS = re.compile(r"(?!\w*Reset)(?:get|list|count|is)[A-Z]\w*|browse")
"""Operations that change nothing (https://artemis.apache.org/components/artemis/documentation/latest/management.html)."""
_PRIVATE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""The name of a temporary queue, which the broker makes up."""


class ArtemisReadOnly(ReadOnlyRules):
    """Answers, and copies of messages to be shown, come to an address of our own that goes with its subscription."""

    server = "ActiveMQ-Artemis/"
    own_places: ClassVar[tuple[str, ...]] = ("stomptui.",)

    def is_question(self, headers: Mapping[str, str], body: bytes) -> bool:
        if headers.get("destination") != PLACE or "_AMQ_Attribute" in headers:
            return False
        operation = headers.get("_AMQ_OperationName", "")
        if _TELLS.fullmatch(operation):
            return True
        match operation, _arguments(body):
            case "copyMessage", [_, str() as queue]:
                return bool(_PRIVATE.fullmatch(queue))
            case "deleteAddress", [str() as address]:
                return address.startswith(self.own_places)
        return False

    def topic_problem(self, destination: str) -> str:
        # Of an address with an anycast queue Artemis gives the messages of that, whatever type is asked for.
        return "" if destination.startswith(self.own_places) else "on Artemis what looks like a topic can be a queue"


def _arguments(body: bytes) -> list[object]:
    """What an operation is called with; [] where that cannot be read."""
    try:
        told = json.loads(body)
    except ValueError:
        return []
    return told if isinstance(told, list) else []
