"""What strangers and participants type: an address, a signature."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.trial.models import DeviationKind, EventKind, LeavingReason


def site_field(label: Any, sites: Mapping[int, str]) -> forms.TypedChoiceField:
    """The choice of a site, with none chosen beforehand."""
    return forms.TypedChoiceField(label=label, coerce=int, choices=[("", _("Please choose")), *sites.items()])


class JoinForm(forms.Form):
    """A stranger who followed the recruitment link."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a code to it. Use the one you read at work."),
        max_length=254,
    )


class ConsentForm(forms.Form):
    """A signature under the text on the screen: which text it was travels with it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Your full name, as your signature"), max_length=200)
    agreed = forms.BooleanField(label=_("I have read this and agree"))

    def __init__(self, *args: Any, sites: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sites) > 1:  # where there is one, nobody is asked
            self.fields["site"] = site_field(_("Where do you work?"), sites)


class LeavingForm(forms.Form):
    """Why somebody leaves, if they want to say it."""

    reason = forms.ChoiceField(
        label=_("If you want to say why"),
        choices=[("", _("I would rather not say")), *LeavingReason.choices],
        required=False,
        help_text=_("It is counted in the report, with everybody else's. Nobody reads it beside your name."),
    )


class ConsentTextForm(forms.Form):
    """A version of the consent's words."""

    text = forms.CharField(label=_("The exact text"), widget=forms.Textarea(attrs={"rows": 16}), max_length=50_000)
    meaning = forms.CharField(label=_("What agreeing means, in a sentence"), max_length=300)
    irb_reference = forms.CharField(
        label=_("The review board's reference"),
        help_text=_("Of its approval of exactly these words."),
        max_length=100,
        required=False,
    )
    ask_again = forms.BooleanField(
        label=_("Ask everyone who signed earlier words to decide again"), required=False, initial=True
    )


class AnnouncementForm(forms.Form):
    """How many addresses an announcement went to."""

    addresses = forms.IntegerField(label=_("To how many addresses did it go?"), min_value=1, max_value=1_000_000)


class AddressListForm(forms.Form):
    """A list of people to be told of the study, pasted or as a file."""

    pasted = forms.CharField(
        label=_("Paste the list"),
        help_text=_("One person a line: a name and an address, in any order; a column from a spreadsheet will do."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=4_000_000,
        required=False,
    )
    file = forms.FileField(label=_("Or choose a file (CSV, UTF-8)"), max_length=255, required=False)

    def __init__(self, *args: Any, sites: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sites) > 1:
            self.fields["site"] = site_field(_("Whose people are these?"), sites)

    def clean(self) -> dict[str, Any]:
        """The text of the list under `text`."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        try:
            cleaned["text"] = file.read(4_000_001).decode() if file else cleaned.get("pasted", "")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("The file is not UTF-8 text. Save it as CSV UTF-8, then try again.")
            ) from None
        if not cleaned["text"].strip():
            raise forms.ValidationError(_("Paste a list or choose a file."))
        return cleaned


class LeaveOutForm(forms.Form):
    """Somebody said on the telephone that they want no announcement."""

    email = forms.EmailField(label=_("Who wants no announcement?"), max_length=254)


class InvitationForm(forms.Form):
    """What the public page says beside what it computes."""

    who_may = forms.CharField(
        label=_("Who may take part?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("In plain sentences, such as: every physician who practises at one of our sites."),
    )
    contact = forms.CharField(
        label=_("Whom can people ask?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        help_text=_("A name, a telephone number, an address. It stands on a public page."),
    )


class MailingForm(forms.Form):
    """The words of an announcement."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=120,
        help_text=_("Mail systems show it to others in the room: keep it neutral."),
    )
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=4000,
        help_text=_("The link to the study, and how to get no further letter, are added by themselves."),
    )


class LotteryForm(forms.Form):
    """The last day on which asking counts."""

    closes_on = forms.DateField(
        label=_("Last day of asking"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SaidForm(forms.Form):
    """The public contribution to the draw."""

    said = forms.CharField(
        label=_("A sentence that nobody could know before"),
        min_length=20,
        max_length=500,
        help_text=_("Such as today's first headline of a newspaper, with its date; or what was said in a meeting."),
    )


class CountsForm(forms.Form):
    """How many of the institution answer to each level of one question."""

    def __init__(self, *args: Any, levels: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value, label in levels:
            self.fields[value] = forms.IntegerField(label=label, min_value=0, max_value=10_000_000, required=False)


class _ConcernsForm(forms.Form):
    """What every note of the team may say: a day, a study id, where it was reported."""

    happened_on = forms.DateField(label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"}))
    study_id = forms.CharField(
        label=_("Which study id?"),
        help_text=_("Like S-7F3K-92QD. Leave it empty where it concerns nobody in particular. Never a name."),
        max_length=16,
        required=False,
    )
    irb_reference = forms.CharField(
        label=_("Where was it reported?"), help_text=_("The review board's number."), max_length=100, required=False
    )


class DeviationForm(_ConcernsForm):
    """Something that went otherwise than planned."""

    kind = forms.ChoiceField(label=_("What was it?"), choices=DeviationKind.choices)
    text = forms.CharField(
        label=_("What happened, in a sentence"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )
    field_order = ("kind", "happened_on", "text", "study_id", "irb_reference")


class EventForm(_ConcernsForm):
    """Something unwanted, without a word about what."""

    kind = forms.ChoiceField(label=_("What kind of event?"), choices=EventKind.choices)
    field_order = ("kind", "happened_on", "study_id", "irb_reference")


class QueryForm(forms.Form):
    """A question about one value."""

    study_id = forms.CharField(label=_("Which study id?"), max_length=16)
    wave = forms.SlugField(label=_("Which wave?"), max_length=50)
    question = forms.CharField(label=_("Which question?"), help_text=_("Its name in the data."), max_length=64)
    text = forms.CharField(
        label=_("What do you want to know?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


class WordsForm(forms.Form):
    """A sentence or two."""

    text = forms.CharField(label=_("Your words"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)


class CorrectionForm(forms.Form):
    """Another value in the place of a sent one."""

    value = forms.CharField(label=_("The right value"), max_length=200)
    reason = forms.CharField(label=_("Why?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


class UnblindingForm(forms.Form):
    """Whose arm somebody has to know, and why."""

    study_id = forms.CharField(label=_("Which study id?"), max_length=16)
    reason = forms.CharField(
        label=_("Why must you know the arm?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )
