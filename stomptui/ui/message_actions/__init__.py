"""What every screen with messages can do with them."""
