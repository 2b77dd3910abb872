"""Peeking into queues and streams of RabbitMQ."""
