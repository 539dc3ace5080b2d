"""The ground: what every floor stands on, and nothing of the product itself."""
