"""What Linux knows about an open TCP connection: retransmissions, probes, silence (tcp(7), TCP_INFO)."""

from __future__ import annotations

import socket
import struct
import sys
from dataclasses import dataclass

_SIZE = 104
_MILLISECONDS = 1000


@dataclass(frozen=True)
class TcpInfo:
    """How the other side's system acknowledges what is sent, whether or not the program there reads."""

    unacked: int
    """Segments sent and not acknowledged."""
    retransmits: int
    """How often the oldest of them was retransmitted without an answer."""
    probes: int
    """Zero-window probes without an answer; a system that is alive and whose buffer is full answers each."""
    silence: float
    """Seconds since anything came from the other side, acknowledgements included."""


def tcp_info(sock: socket.socket) -> TcpInfo | None:
    """TCP_INFO of an open socket; None on other systems, and where the kernel does not return all of it."""
    if sys.platform != "linux":
        return None
    try:
        raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    except OSError:
        return None
    if len(raw) < 60:
        return None
    # struct tcp_info of <linux/tcp.h>: eight bytes, then numbers of four.
    _, _, retransmits, probes = struct.unpack_from("=4B", raw)
    (unacked,) = struct.unpack_from("=I", raw, 24)
    _, last_data, last_ack = struct.unpack_from("=3I", raw, 48)
    return TcpInfo(unacked, retransmits, probes, min(last_data, last_ack) / _MILLISECONDS)
