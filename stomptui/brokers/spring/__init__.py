"""Spring's simple broker."""
