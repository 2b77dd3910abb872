"""A series: one draft sent many times, or once for each line of a file."""
