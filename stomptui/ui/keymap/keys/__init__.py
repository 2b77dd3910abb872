"""The keys themselves: one file for each part of the screen, and in it a tuple for each place where keys work."""
