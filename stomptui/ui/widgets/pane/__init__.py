"""Panes: a frame with a title, and the texts in its edges."""
