"""The pages of this room: answering by a link, stopping letters by a link, and the team's pages of waves."""

from confrere.surveys.views.answering import answer, mine, send, sent
from confrere.surveys.views.quieting import stop_letters
from confrere.surveys.views.waves import refused, rest, text, wave, waves

__all__ = ["answer", "mine", "refused", "rest", "send", "sent", "stop_letters", "text", "wave", "waves"]
