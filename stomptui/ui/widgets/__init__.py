"""Widgets: they post messages and never do I/O."""
