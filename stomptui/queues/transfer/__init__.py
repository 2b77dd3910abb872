"""A queue exported to a file and emptied, and a file sent to a queue."""
