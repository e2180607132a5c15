"""What a page costs: the naive way of reading it, our stages, and the documents for both."""
