"""What is not protected, and what is never claimed: said once, printed wherever somebody relies on it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise

#: What no design of ours protects from.
LIMITS: Final[tuple[Words, ...]] = (
    _("A server that is changed to serve other scripts. Whoever controls it can read what is typed from then on."),
    _("Malware on your device, or someone watching it."),
    _("What the coach remembers or writes elsewhere. A coach may be made to testify."),
    _("The provider of the video call or the telephone."),
    _("The fact that you have an account, and when you were active."),
    _("Duties to act by law, such as imminent danger. You are told of them before the first session."),
    _("What you export yourself."),
    _("Posts in the lounge: the server can read them, by design."),
    _("Statistics of large groups."),
    _("The loss of both your passkey and your recovery code."),
    _("Letters lie in mail systems, ours and yours, which keep them by their own rules."),
    _("Backups keep what is erased here until they expire."),
)
#: What we never say, with what is true instead.
UNCLAIMED: Final[tuple[Words, ...]] = (
    _("We do not say “nothing to disclose”: this list is what there is."),
    _(
        "We do not say “HIPAA compliant”: whether that law applies, and which agreements are needed, is the "
        "site's matter."
    ),
    _("We do not say “privileged”: no court has said so of coaching here."),
    _("We do not say “anonymous” where two people together can link a code to a name."),
    _("We do not say “no record” of an e-mail: a mail is a record, wherever it arrives."),
    _("We do not say that a letter arrives exactly once: after a crash it may come twice."),
)
