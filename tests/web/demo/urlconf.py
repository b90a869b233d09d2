"""The addresses as they are in demo mode."""

from confrere.web import urls

urlpatterns = [*urls.urlpatterns, *urls.demo_pages(demo=True)]
handler404 = urls.handler404
