"""Pages of the knowledge base: thin callers of querysets and actions."""
