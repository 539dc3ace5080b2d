"""File formats: bytes in, text with its places out."""
