"""The cellar: everything the appliance keeps on disk."""
