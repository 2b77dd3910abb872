"""What a person types: from the bytes of the terminal to the widget that they were meant for."""
