"""From Markdown to safe HTML: limits first, then a warm child process. Callers use knowledge.markdown."""
