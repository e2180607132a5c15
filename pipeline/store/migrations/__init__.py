"""The store's schema, step by step; run by `pipeline.store.records` at each opening."""
