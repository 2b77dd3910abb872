"""Peeks: the form, the screen with the messages of one queue, and the controller that opens both."""
