"""Saved messages: readable TOML files in a directory of the person's own, or next to a project's code.

TOML because it is what profiles and settings are, takes comments, and has a body of several lines as it is. A file has
one message, so that a version control system tells what was changed in which.
"""
