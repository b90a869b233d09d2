"""A mail server for letters of the study."""

from tests.post.conftest import postbox

__all__ = ["postbox"]
