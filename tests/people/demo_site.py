"""The addresses of an installation in demo mode."""

from participation.urls import handler400, handler403, handler404, handler500  # noqa: F401
from participation.urls import urlpatterns as of_every_installation
from people import demo_urls

urlpatterns = [*demo_urls.urlpatterns, *of_every_installation]
