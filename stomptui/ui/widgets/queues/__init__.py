"""Lists of queues, and of the messages of one queue."""
