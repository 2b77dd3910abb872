"""The questions of a check, a file for each section."""
