"""Queued work: jobs are rows, and this is what takes them up."""
