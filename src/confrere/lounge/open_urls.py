"""Pages outside any programme: the way to stop letters without sign-in, the app's worker, the interface."""

from django.urls import path

from confrere.lounge.api import api
from confrere.lounge.views import notices

_interface = api.urls  # made anew each time that it is asked for
for _each in _interface[0]:
    # Everyone may call; what is behind it asks for a token itself.
    setattr(_each.callback, "gate", "strangers")  # noqa: B010  # a function's own attribute

urlpatterns = [
    path("lounge-worker.js", notices.worker, name="lounge_worker"),
    path("no-lounge-letters/<str:token>/", notices.stop_letters, name="stop_lounge_letters"),
    path("api/lounge/", _interface),
]
