"""The queues and topics of a broker."""
