"""Profiles, settings, secrets and paths."""
