"""The site as a whole: settings, addresses, server."""
