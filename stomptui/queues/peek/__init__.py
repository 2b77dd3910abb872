"""Looking at the messages of a queue."""
