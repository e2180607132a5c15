"""The mail room's machine: scanned access requests become records to accept, reject or review."""

__version__ = "0.1.0"
