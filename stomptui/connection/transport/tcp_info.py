"""What the system knows of a TCP connection and its bytes do not tell (tcp(7), TCP_INFO)."""

from __future__ import annotations

import socket
import struct
import sys
from dataclasses import dataclass

_SIZE = 104
_MILLISECONDS = 1000


@dataclass(frozen=True)
class TcpInfo:
    """How the other side's system answers to what is sent, whether or not the program behind it reads."""

    unacked: int
    """Segments that were sent and are not acknowledged."""
    retransmits: int
    """How often the oldest of them was sent again in vain."""
    probes: int
    """Questions whether there is room again that were not answered; a side that is alive and full answers each."""
    silence: float
    """Seconds since anything came from the other side, acknowledgements included."""


def tcp_info(sock: socket.socket) -> TcpInfo | None:
    """What Linux tells of an open socket; None on systems that do not tell, or not in the same words."""
    if sys.platform != "linux":
        return None
    try:
        told = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    except OSError:
        return None
    if len(told) < 60:
        return None
    # struct tcp_info of <linux/tcp.h>: eight bytes, then numbers of four.
    _, _, retransmits, probes = struct.unpack_from("=4B", told)
    (unacked,) = struct.unpack_from("=I", told, 24)
    _, data_came, ack_came = struct.unpack_from("=3I", told, 48)
    return TcpInfo(unacked, retransmits, probes, min(data_came, ack_came) / _MILLISECONDS)
