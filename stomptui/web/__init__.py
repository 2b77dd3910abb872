"""The console in a browser: a web server on loopback, which starts one process of stomptui for each tab."""
