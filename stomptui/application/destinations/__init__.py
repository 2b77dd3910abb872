"""Destinations: which there are, which can be completed, and whether a queue takes what is sent there."""
