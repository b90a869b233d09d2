"""Pages: translate, one call, answer."""
