"""The settings as a dialog: what there is to choose, themes with a preview, and keys."""
