"""The pages on which people decide what the pipeline could not: `pipeline review`."""
