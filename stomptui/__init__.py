"""stomptui: a terminal console for message brokers that speak STOMP."""

__version__ = "0.1.0"
