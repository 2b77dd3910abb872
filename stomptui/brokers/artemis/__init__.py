"""ActiveMQ Artemis 2."""
