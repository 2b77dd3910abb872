"""Actions on messages from any screen that shows them: forms, progress, results, saving to files."""
