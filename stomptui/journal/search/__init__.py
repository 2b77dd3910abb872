"""Searching the journal by what is shown of its rows."""
