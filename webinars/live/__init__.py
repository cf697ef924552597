"""The room while it is live: signal, then pull. The database is the truth; sockets are hints."""
