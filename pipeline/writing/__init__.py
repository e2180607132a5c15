"""The ink that somebody left on a form, taken off it and made ready to be read; and what in it is no writing."""
