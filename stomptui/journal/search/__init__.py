"""Finding rows by what is shown of them."""
