"""Actions on ActiveMQ Classic in transactions, on exactly chosen messages."""
