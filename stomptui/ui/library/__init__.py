"""Saved messages on the screen: the list of them, the form that names one, and saving from the compose pane."""
