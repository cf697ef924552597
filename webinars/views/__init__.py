"""Pages of the webinars: thin callers of actions."""
