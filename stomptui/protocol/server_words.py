"""How words of a server are set apart from ours, which stand before them."""

from __future__ import annotations

LEAD = "the server says: "


def with_server_words(reason: str, server_text: str) -> str:
    """A reason in our words, and behind it what the server said, if it said something else; not sanitised.

    Args:
        reason: Ours.
        server_text: The server's, word for word; "" if it said nothing.
    """
    said = server_text.strip()
    return f"{reason}; {LEAD}{said}" if said and said != reason else reason
