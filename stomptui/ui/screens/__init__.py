"""Screens: who talks to whom."""
