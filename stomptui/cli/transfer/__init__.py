"""What `stomptui drain` and `stomptui refill` share, and what they do once their arguments are read."""
