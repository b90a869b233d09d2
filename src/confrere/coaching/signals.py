"""What this room announces upwards, in the same transaction as the fact."""

from django.dispatch import Signal

#: Asked, not told: whether people can still be drawn. Sent with programme: int; a room above answers with a bool.
draws_asked = Signal()
#: A session was held. Sent with programme: int, person: int (the participant), k: int (from 1), minutes: int.
session_held = Signal()
