"""Who gets what. Consent is kept with the person; places, draws and withdrawals with the study id only.

No row of this room joins a person and a study id: the one link is vault's, encrypted. Nor does an instant: what
stands under a study id here is dated by the day.
"""

from confrere.trial.models.conduct import (
    AdverseEvent,
    DataQuery,
    Deviation,
    Resources,
    Unblinding,
)
from confrere.trial.models.consents import (
    Consent,
    ConsentText,
    Proof,
)
from confrere.trial.models.draws import (
    Allocation,
    Batch,
    Delivered,
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
    SILENT,
    TRIAL_TRANSITIONS,
    DeviationKind,
    EventKind,
    LeavingReason,
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
    "SILENT",
    "TRIAL_TRANSITIONS",
    "AdverseEvent",
    "Allocation",
    "Announcement",
    "Batch",
    "Consent",
    "ConsentText",
    "DataQuery",
    "Delivered",
    "Demographic",
    "Deviation",
    "DeviationKind",
    "EventKind",
    "Invitation",
    "LeavingReason",
    "Lot",
    "Lottery",
    "Mailing",
    "OptOut",
    "Place",
    "PlaceState",
    "Proof",
    "ProtocolVersion",
    "Recipient",
    "ReportedEvent",
    "Resources",
    "RosterLine",
    "Seat",
    "StampedConsent",
    "Step",
    "StepKind",
    "Trial",
    "TrialState",
    "Unblinding",
    "VersionKind",
    "Visits",
    "Withdrawal",
    "WithdrawalKind",
]
