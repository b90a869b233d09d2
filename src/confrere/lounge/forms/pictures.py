from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models import Picture


class PictureForm(forms.Form):
    """A picture, what is to be seen in it, and its author's word about face and consent."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, 15 MB at most. It is drawn anew: place, camera and time are left out."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    words = forms.CharField(
        label=_("What is to be seen, in a line"),
        help_text=_("For colleagues who do not see the picture."),
        max_length=Picture._meta.get_field("words").max_length,
    )
    face = forms.ChoiceField(
        label=_("Can a face be seen, or part of one?"),
        help_text=_("No machine looks for faces here. You look, and then a second colleague."),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
    )
    attested = forms.BooleanField(
        label=_(
            "The patient agreed to this picture, or nobody can recognise them from it: no face, tattoo, name or "
            "number, also none written into the image."
        )
    )
