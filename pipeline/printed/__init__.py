"""What is printed on a form, by which its edition is told."""
