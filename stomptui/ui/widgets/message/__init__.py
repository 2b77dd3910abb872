"""The message under the cursor."""
