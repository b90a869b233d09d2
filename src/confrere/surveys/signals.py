"""What this room announces upwards, in the transaction of the answer itself.

Both are sent with `programme` (its key), `study_id`, `wave` and `now`.
"""

from django.dispatch import Signal

baseline_completed = Signal()
wave_answered = Signal()
