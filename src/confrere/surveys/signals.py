"""What this room announces upwards, in the transaction of the answer itself.

The first two are sent with `programme` (its key), `study_id`, `wave` and `now`.
"""

from django.dispatch import Signal

baseline_completed = Signal()
wave_answered = Signal()

#: Asked with `programme`: what the programme says to somebody in distress, a list of lines.
distress_asked = Signal()
