"""Plain texts for what a broker says when it refuses a peek, an action or a transfer."""

from __future__ import annotations

import re

from stomptui.connection.blocking_client import ClientError, NotReached
from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.protocol.server_words import with_server_words

_QUOTED = 200
"""Characters of a server's words that are quoted in a line of ours."""

_WORDS = (
    (r"access_refused|not authorized|not have permission|AMQ229032|AMQ229213", "this user has no permission for that"),
    (r"NOT_FOUND - no queue '([^']*)'", "there is no queue {0}"),
    (r"NOT_FOUND - no exchange '([^']*)'", "there is no exchange {0}"),
    (r"AMQ339011", "Artemis could not take it; why is in its log alone, often no permission or a full address"),
    (r"AMQ339016", "Artemis refused to subscribe; why is in its log alone, often no permission"),
    (r"AMQ339001 Destination does not exist (.*)", "there is no queue {0}, and Artemis makes none"),
    (r"AMQ229049|AMQ229067|No queue found for|Cannot find resource with name", "there is no such queue"),
    (r"delivery acknowledgement .*timed out|Timeout value used", "it was unacknowledged for too long"),
    (
        r"Server cancelled subscription",
        "the broker ended the subscription: the queue was deleted, or messages were unacknowledged for too long",
    ),
    (r"prefetch count is not set", "a stream is only read with a prefetch"),
    (r"prefetch-count|prefetchSize|consumer-window-size", "the broker refuses that prefetch"),
    (r"RESOURCE_LOCKED", "another connection has that queue for itself (exclusive)"),
    (
        r"unknown delivery tag|Subscription not found|no message with id|Unexpected ACK",
        "the delivery is no longer valid",
    ),
    (r"PRECONDITION_FAILED - inequivalent", "the queue exists with other settings"),
    (r"message size \d+ is larger than|maximum data length", "the message is larger than the broker takes"),
)  # fmt: skip


def plain(text: str) -> str:
    """What a broker's refusal means, its own first line where that is not known."""
    for pattern, words in _WORDS:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            return words.format(*(shown(group or "") for group in match.groups()))
    return text.strip().partition("\n")[0]


def reason_of(error: ClientError) -> str:
    """Why a question was not answered as hoped, where what the server said is shown beside it."""
    return str(error) if isinstance(error, NotReached) else plain(error.server_text or str(error))


def in_a_line(error: ClientError) -> str:
    """The same where there is one line for all of it: what a server said to a connection refused is quoted."""
    if not isinstance(error, NotReached):
        return reason_of(error)
    if error.url:
        return f"{error} ({error.url})"
    said = _quoted(error.server_text)
    return str(error) if said in str(error) else with_server_words(str(error), said)


def _quoted(server_text: str) -> str:
    """The first line of what a server said; "" where a third of it is no text, as of what AMQP answers."""
    first = next((line.strip() for line in server_text.splitlines() if line.strip()), "")
    odd = sum(not (char.isprintable() or char.isspace()) for char in first)
    return clean(first[:_QUOTED]) if odd * 3 < len(first) else ""
