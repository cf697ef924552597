"""The picture of a webinar: one module a provider."""
