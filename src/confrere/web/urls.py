from django.urls import include, path

from confrere.web import views

#: Each room hangs its pages of a programme under /p/<programme>/<room>/ with `app_name` = the room.
ROOMS: tuple[str, ...] = ()

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("allauth.urls")),
    *(path(f"p/<slug:programme>/{room}/", include(f"confrere.{room}.urls")) for room in ROOMS),
]
