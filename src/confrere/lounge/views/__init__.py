"""Pages of the lounge."""
