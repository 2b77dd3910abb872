"""Going to any pane, tab or field of the screen by one letter."""
