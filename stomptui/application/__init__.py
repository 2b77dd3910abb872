"""What the app does, without a screen."""
