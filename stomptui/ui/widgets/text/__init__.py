"""Text that is typed, exactly."""
