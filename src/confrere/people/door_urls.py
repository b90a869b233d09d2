"""Pages of a programme at which one shows that one is a physician, and at which moderators look."""

from django.urls import path

from confrere.people.views import door, moderators

urlpatterns = [
    path("", door.door, name="door"),
    path("claim/", door.claim, name="door_claim"),
    path("list/ask/", door.ask_roster, name="door_ask_roster"),
    path("bind/<str:token>/", door.bind, name="door_bind"),
    path("colleagues/", door.voucher_link, name="door_voucher_link"),
    path("vouch/<str:token>/", door.vouch, name="door_vouch"),
    path("badge/", door.badge, name="door_badge"),
    path("sign-on/", door.sign_on, name="door_sign_on"),
    path("sign-on/back/", door.sign_on_back, name="door_sign_on_back"),
    path("give-up/", door.give_up, name="door_give_up"),
    path("queue/", moderators.queue, name="door_queue"),
    path("queue/<int:claim>/", moderators.look, name="door_look"),
    path("queue/<int:claim>/<slug:of>.jpg", moderators.picture, name="door_picture"),
    path("roster/", moderators.roster, name="door_roster"),
]
