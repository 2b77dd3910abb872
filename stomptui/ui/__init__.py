"""Screens, widgets, keys and the terminal."""
