"""What a page costs: other ways of reading it, our stages, and the documents for all."""
