"""Comparing two frames: what differs in their headers and bodies."""
