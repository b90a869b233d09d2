"""Pages outside any programme: the feed that a calendar program reads, whose address says nothing of coaching."""

from django.urls import path

from confrere.coaching.views import feeds

urlpatterns = [path("calendar/<str:token>.ics", feeds.feed, name="calendar_feed")]
