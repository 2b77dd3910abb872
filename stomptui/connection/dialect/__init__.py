"""What a session must know of its broker, as interfaces that each broker fills in; handed in, never looked up."""
