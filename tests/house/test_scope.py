"""Every row belongs to a programme and a site; what does not says why."""

from django.apps import apps
from django.conf import settings

#: Tables without a programme and a site, each with its reason.
ELSEWHERE: dict[str, str] = {
    "people.Site": "is the site",
    "people.Programme": "is the programme, at its site",
    "people.User": "a person may be in several programmes",
    "people.Credential": "says something about a physician, whatever the programme",
    "people.MailRefusal": "an address refuses mail, whatever the programme",
    "people.BindingLink": "a part of its claim, which has both",
    "people.Decision": "a part of its claim, which has both",
    "people.Look": "a part of its claim, which has both",
    "people.Picture": "a part of its claim, which has both",
    "people.Vouch": "a part of its claim, which has both",
    "people.RegisterFile": "a public register, the same for every programme",
    "people.Exclusion": "a line of a public register",
    "people.Licence": "a line of a public register",
    "people.Listed": "a line of a public register",
    "people.Taxonomy": "a line of a public list of codes",
    "post.Letter": "sign-in letters belong to no programme; its digest of the event says nothing",
    "vault.Payload": "an event may concern no programme; those that do say so in the erasable payload",
    "vault.Seal": "check sums only",
}


def scopeless() -> set[str]:
    """The models of our rooms that lack one of the two."""
    return {
        model._meta.label
        for room in settings.ROOMS
        for model in apps.get_app_config(room).get_models()
        if not {"programme", "site"} <= {field.name for field in model._meta.concrete_fields}
    }


def test_every_table_has_a_programme_and_a_site_or_a_reason() -> None:
    assert scopeless() == set(ELSEWHERE)
