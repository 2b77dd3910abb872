"""A draft as a program or text that sends the same message from elsewhere; one file per language, and the registry."""
