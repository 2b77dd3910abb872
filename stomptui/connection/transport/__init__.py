"""The socket of one session and its I/O thread: connect, TLS, WebSocket, read, write, heart-beats."""
