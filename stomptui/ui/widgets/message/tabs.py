"""The tabs of a message: body, headers, wire, hex."""

from __future__ import annotations

from enum import Enum


class DetailTab(Enum):
    """One way of looking at a frame."""

    BODY = "body"
    """The body, decoded and formatted."""
    HEADERS = "headers"
    """The headers and what they mean."""
    WIRE = "wire"
    """The exact bytes, as text."""
    HEX = "hex"
    """The exact bytes, in hex."""
