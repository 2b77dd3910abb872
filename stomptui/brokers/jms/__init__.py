"""What ActiveMQ Classic and Artemis have in common."""
