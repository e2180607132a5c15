"""What lasts: records, originals, the audit trail, and who holds what."""
