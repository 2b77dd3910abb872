"""What becomes of a message's headers when it is sent again."""
