"""CoilMQ."""
