"""Checks whether acknowledged messages have really left the queue."""

from __future__ import annotations


class Acknowledgements:
    """Of a broker whose receipt for an ACK is all that can be known."""

    def make_sure(self) -> None:
        """Wait until what the broker confirmed to have taken out really is out, where a receipt does not say that.

        Raises:
            ClientError: It cannot be known.
        """

    def forgotten(self) -> str:
        """Why the broker may have forgotten what it confirmed to have taken out, "" if it has not, as far as is known.

        Asked after something ended early.
        """
        return ""
