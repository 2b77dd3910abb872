"""The console screen: the log, the subscriptions, compose."""
