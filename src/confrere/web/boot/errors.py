"""The one error of starting: a sentence that says what is wrong and what to do."""


class BootError(Exception):
    """The house cannot be brought up; the text is fit to be shown."""
