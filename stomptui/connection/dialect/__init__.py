"""What a session must know of its broker, as interfaces that a broker fills in."""
