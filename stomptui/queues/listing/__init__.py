"""Which queues and topics a broker has."""
