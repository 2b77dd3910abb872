"""Asking a broker what it does: questions, a runner without a screen, and the report."""
