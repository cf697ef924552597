"""What people fill in about webinars; cleaned to what the actions take."""
