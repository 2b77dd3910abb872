"""How bodies are shown: one file for each view, and a registry."""
