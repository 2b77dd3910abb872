"""Moving, copying, retrying, deleting, rejecting: planned, done, and the outcome known exactly."""
