"""Tests of the comparison of two frames."""
