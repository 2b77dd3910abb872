"""STOMP over WebSocket: the transport, frames and messages (RFC 6455), the handshake."""
