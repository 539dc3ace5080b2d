"""Inhouse: AI assistants over an office's own documents, in one program."""

__version__ = "0.1.0"
