"""Bodies in binary formats and packed ones, edited as text and encoded again."""
