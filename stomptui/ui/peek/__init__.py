"""Looking into one queue."""
