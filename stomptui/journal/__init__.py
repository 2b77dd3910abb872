"""What happened: a bounded record of frames and events. No stomp, no textual."""
