"""What is known of RabbitMQ's queues and exchanges that messages are sent to."""
