"""Pages about oneself, and the letters of quickstart."""
