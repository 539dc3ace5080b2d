"""The shapes that pass through the door, and nothing else does."""
