"""What the post asks of the rooms above, and tells them, in the transaction of one attempt to send a letter."""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a room says of a letter that is about to leave: it may, it may later, or nobody wants it any more."""

    wanted: bool = True
    not_before: datetime | None = None


#: A letter is about to be handed to the mail server. Sent with to: str, guard: str (the text that the room above gave
#: it), urgent: bool and now: datetime; whoever knows better answers with a `Verdict`.
leaving = Signal()
#: An address refuses mail for good. Sent with address: str, status: str such as "5.1.1", and now: datetime.
refused = Signal()
