"""The program on the screen: how it starts, how it connects, what it keeps in the settings."""
