"""Checking a broker: the screen of its questions and answers, and what opens it."""
