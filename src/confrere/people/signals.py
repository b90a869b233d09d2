"""What people announces to the rooms above, in the same transaction."""

from django.dispatch import Signal

#: programme: int, site: int, person: int, role: Role, now: datetime
role_granted = Signal()
#: programme: int, site: int, person: int, role: Role, now: datetime
role_ended = Signal()
#: person: int, specialty: str, until: datetime, now: datetime
credential_verified = Signal()
