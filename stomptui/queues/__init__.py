"""What can be done with a queue and its messages, on any broker."""
