"""SQLite as the site uses it: one fair queue for writers, and the pragmas a durable live room needs."""
