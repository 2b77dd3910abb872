"""Sending messages to other destinations: targets, preparing, confirmations, what arrived after a failure."""
