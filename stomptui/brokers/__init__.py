"""What differs per broker: one folder each."""
