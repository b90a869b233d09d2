"""What letters about a survey say: our words until a site writes its own, with the same three things in each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

#: Stands in a text for each person's own link, and for the last moment at which it opens.
LINK, CLOSES = "{link}", "{closes}"


@dataclass(frozen=True, slots=True)
class Text:
    """A letter before it is filled in. version: 0 is ours, a site's own count from 1."""

    subject: str
    body: str
    version: int = 0


def ours(*, reminder: bool) -> Text:
    """The words that stand until a site has written its own."""
    if reminder:
        return Text(
            subject=_("A few questions are still open for you"),
            body=_(
                "A few questions are open for you until {closes}. If you have answered some already, they are kept, "
                "and the same link goes on from there.\n\n{link}\n"
            ),
        )
    return Text(
        subject=_("A few questions are open for you"),
        body=_("A few questions are open for you until {closes}.\n\n{link}\n"),
    )


def filled(text: Text, *, link: str, closes: str, stop: str) -> str:
    """The whole letter: the text with its link and its end, and below it what every letter says."""
    body = text.body.replace(LINK, link).replace(CLOSES, closes).rstrip()
    foot = _(
        "The link is yours alone: please do not pass it on. You can stop at any question and go on later "
        "with the same link.\n"
        "Nobody reads your answers as they arrive.\n\n"
        "No more letters about these questions, with one click and without signing in:\n%(stop)s\n"
    ) % {"stop": stop}
    return f"{body}\n\n{foot}"
