"""What people write: words, accents, domains, and the signs that are taken for one another."""
