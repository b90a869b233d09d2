"""Pages outside any programme: the way to stop letters without sign-in, and the app's worker."""

from django.urls import path

from confrere.lounge.views import notices

urlpatterns = [
    path("lounge-worker.js", notices.worker, name="lounge_worker"),
    path("no-lounge-letters/<str:token>/", notices.stop_letters, name="stop_lounge_letters"),
]
