"""Who reads: the walled processes of this machine, or the workers of a Dask cluster."""
