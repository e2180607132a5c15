"""From witnesses to a reading: what agrees, what speaks for it, and how probable it is."""
