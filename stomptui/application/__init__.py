"""What the app does, without a screen: the Console, the event pump, sending, side connections."""
