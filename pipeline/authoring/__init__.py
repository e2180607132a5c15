"""Making the spec of a new edition: proposed from its blank, checked, and proved on generated fills."""
