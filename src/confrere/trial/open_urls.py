"""Pages outside any programme: the recruitment link, and the check of a published record."""

from django.urls import path

from confrere.trial.views import joining, proof

urlpatterns = [
    path("proof/", proof.anyone, name="proof"),
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/consent/", joining.consent, name="join_consent"),
]
