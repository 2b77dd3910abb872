"""A drain or a refill on the screen."""
