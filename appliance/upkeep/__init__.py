"""Keeping the appliance in health."""
