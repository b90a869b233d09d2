"""Who gets what. Consent is kept with the person; places, draws and withdrawals with the study id only.

No row of this room joins a person and a study id: the one link is vault's, encrypted. Nor does an instant: what
stands under a study id here is dated by the day.
"""

from confrere.trial.models.consents import (
    Consent,
    ConsentText,
)
from confrere.trial.models.draws import (
    Allocation,
    Batch,
    RosterLine,
    Step,
)
from confrere.trial.models.places import (
    Place,
    Seat,
)
from confrere.trial.models.protocols import (
    ProtocolVersion,
    ReportedEvent,
    StampedConsent,
)
from confrere.trial.models.recruitment import (
    MOST_ANNOUNCEMENTS,
    Demographic,
    Invitation,
    Lot,
    Lottery,
    Mailing,
    OptOut,
    Recipient,
    Visits,
)
from confrere.trial.models.states import (
    PLACE_TRANSITIONS,
    SEATED,
    TRIAL_TRANSITIONS,
    PlaceState,
    StepKind,
    TrialState,
    VersionKind,
    WithdrawalKind,
)
from confrere.trial.models.trials import (
    Announcement,
    Trial,
)
from confrere.trial.models.withdrawals import (
    Withdrawal,
)

__all__ = [
    "MOST_ANNOUNCEMENTS",
    "PLACE_TRANSITIONS",
    "SEATED",
    "TRIAL_TRANSITIONS",
    "Allocation",
    "Announcement",
    "Batch",
    "Consent",
    "ConsentText",
    "Demographic",
    "Invitation",
    "Lot",
    "Lottery",
    "Mailing",
    "OptOut",
    "Place",
    "PlaceState",
    "ProtocolVersion",
    "Recipient",
    "ReportedEvent",
    "RosterLine",
    "Seat",
    "StampedConsent",
    "Step",
    "StepKind",
    "Trial",
    "TrialState",
    "VersionKind",
    "Visits",
    "Withdrawal",
    "WithdrawalKind",
]
