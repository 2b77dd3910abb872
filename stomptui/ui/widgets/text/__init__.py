"""Fields and editors that keep every character as it was typed."""
