from django.urls import path

from confrere.lounge.views import reading, saying, writing

app_name = "lounge"
urlpatterns = [
    path("", reading.home, name="home"),
    path("specialties/", reading.specialties, name="specialties"),
    path("in/<slug:specialty>/", reading.specialty, name="specialty"),
    path("in/<slug:specialty>/listen/", saying.listen, name="listen"),
    path("search/", reading.search, name="search"),
    path("bookmarks/", reading.bookmarks, name="bookmarks"),
    path("ask/", writing.ask, name="ask"),
    path("ask/alike/", writing.alike, name="alike"),
    path("draft/", writing.draft, name="draft"),
    path("preview/", writing.preview, name="preview"),
    path("q/<int:question>/", writing.question, name="question"),
    path("q/<int:question>/describe/", writing.describe, name="describe"),
    path("q/<int:question>/poll/", writing.poll, name="poll"),
    path("q/<int:question>/outcome/", writing.outcome, name="outcome"),
    path("q/<int:question>/keep/", saying.keep, name="keep"),
    path("q/<int:question>/vote/", saying.vote, name="vote"),
    path("q/<int:question>/accept/<int:answer>/", saying.accept, name="accept"),
    path("q/<int:question>/endorse/<int:answer>/", saying.endorse, name="endorse"),
    path("q/<int:question>/p/<int:post>/edit/", writing.edit, name="edit"),
    path("q/<int:question>/p/<int:post>/history/", saying.history, name="history"),
]
