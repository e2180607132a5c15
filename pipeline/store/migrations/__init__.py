"""The store's schema, step by step; made by `pipeline.store.upgrade` at an opening that finds an older one."""
