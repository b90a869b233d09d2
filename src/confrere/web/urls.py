from django.conf import settings
from django.urls import URLResolver, include, path

from confrere.web import consulting, keeping, sheets, views, welcome

#: Each room hangs its pages of a programme under /p/<programme>/<room>/ with `app_name` = the room.
ROOMS: tuple[str, ...] = ("coaching", "evidence", "lounge", "service", "surveys", "trial")
#: Rooms with pages outside any programme, reached by a link from a letter.
OPEN: tuple[str, ...] = ("coaching", "lounge", "service", "surveys", "trial")


def demo_pages(*, demo: bool) -> list[URLResolver]:
    """The demo's own pages. Outside the demo they are not even imported."""
    return [path("demo/", include("confrere.web.demo.urls"))] if demo else []


urlpatterns = [
    path("", views.home, name="home"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("help-now/", views.help_now, name="help_now"),
    path("coaching-or-therapy/", consulting.which_help, name="which_help"),
    path("consultation/", consulting.consultation, name="consultation"),
    path("check-sheet/", sheets.check_sheet, name="check_sheet"),
    path("appearance/", views.appearance, name="appearance"),
    path("me/", views.me, name="me"),
    path("me/what-exists/", views.what_exists, name="what_exists"),
    path("me/what-exists/sheet/", sheets.sheet, name="sheet"),
    path("me/what-exists/<slug:table>/", views.what_exists_in, name="what_exists_in"),
    path("ui/", views.parts, name="parts"),
    path("accounts/", include("confrere.people.urls")),
    path("p/<slug:programme>/", views.today, name="today"),
    path("p/<slug:programme>/keeping/", keeping.keeping, name="keeping"),
    path("p/<slug:programme>/team/", include("confrere.people.team_urls")),
    path("p/<slug:programme>/letters/", views.letters, name="letters"),
    path("p/<slug:programme>/door/", include("confrere.people.door_urls")),
    path("p/<slug:programme>/ui/", views.programme_parts, name="programme_parts"),
    *(path("", include(f"confrere.{room}.open_urls")) for room in OPEN),
    *(path(f"p/<slug:programme>/{room}/", include(f"confrere.{room}.urls")) for room in ROOMS),
    *demo_pages(demo=settings.DEMO),
]
handler400 = "confrere.web.errors.bad_request"
handler403 = "confrere.web.errors.forbidden"
handler404 = "confrere.web.errors.not_found"
handler500 = "confrere.web.errors.failed"
handler429 = "confrere.people.views.too_many"
