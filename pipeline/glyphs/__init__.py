"""The signs of a typed line: where each stands, what it looks like, and what it may be taken for."""
