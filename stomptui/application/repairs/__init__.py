"""The original of a repair: had at hand, and taken out once what was edited is confirmed."""
