"""Two messages beside each other."""
