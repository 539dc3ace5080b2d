"""The door: HTTP in front of every room."""
