"""Pages about the site itself: its settings, its health, its first day."""
