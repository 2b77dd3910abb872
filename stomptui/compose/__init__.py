"""Making a message: draft, checks, history, completion. No stomp, no textual."""
