"""The connection form."""
