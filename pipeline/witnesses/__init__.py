"""What the readers say of a field, at first and when they look closer."""
