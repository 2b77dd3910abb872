"""Files on disk: where they are, private, locked against other consoles; the log file."""
