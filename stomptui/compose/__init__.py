"""Making a message. No stomp, no textual."""
