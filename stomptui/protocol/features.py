"""What only some brokers have, so that whatever needs it is not offered elsewhere."""

from __future__ import annotations

from enum import Enum


class Feature(Enum):
    """Something that a key, a field or an entry of a menu needs of the broker."""

    QUEUES = "queues that keep messages"
    ACKNOWLEDGEMENTS = "messages that are acknowledged or rejected"
    RECEIPTS = "receipts for what is sent"
    TRANSACTIONS = "transactions"
    SELECTORS = "selectors"
