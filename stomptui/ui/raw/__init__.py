"""Raw mode: frames typed byte for byte."""
