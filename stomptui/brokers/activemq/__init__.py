"""ActiveMQ Classic 5 and 6."""
