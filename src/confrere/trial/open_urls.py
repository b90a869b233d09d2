"""Pages outside any programme: the recruitment link."""

from django.urls import path

from confrere.trial.views import joining

urlpatterns = [
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/consent/", joining.consent, name="join_consent"),
]
