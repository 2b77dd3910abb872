"""Modal screens that ask or tell one thing, and their base."""
