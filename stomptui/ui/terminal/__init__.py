"""What a person types, from the bytes of the terminal to the widget it was meant for."""
