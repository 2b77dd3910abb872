"""An attempt to connect: name lookup, TCP, TLS, and why it failed."""
