"""The parts of an e-mail, and what its attachments are called."""
