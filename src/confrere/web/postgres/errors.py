"""The one error of this layer: a sentence that says what is wrong and what to do."""


class PostgresError(Exception):
    """The embedded server or one of its databases cannot be used; the text is fit to be shown."""
