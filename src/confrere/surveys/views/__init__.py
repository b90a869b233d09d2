"""The pages of this room: answering a survey by its link."""

from confrere.surveys.views.answering import answer, mine, send, sent

__all__ = ["answer", "mine", "send", "sent"]
