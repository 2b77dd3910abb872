"""Pictures of the running app for the README: one SVG per screen, and a moving one."""
