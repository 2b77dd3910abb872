"""One message, readable."""
