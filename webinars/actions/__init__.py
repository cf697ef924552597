"""Deeds: everything that happens in a webinar, one function each."""
