"""Configuration: connections, URLs, profiles, settings, secrets, paths, log file, printing."""
