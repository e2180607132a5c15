"""The store's schema, step by step; run by `pipeline.records` at each opening."""
