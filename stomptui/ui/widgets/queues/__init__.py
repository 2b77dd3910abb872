"""The table of queues, and the list of messages of a peek."""
