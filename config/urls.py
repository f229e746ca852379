from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

handler400 = "config.answers.too_large_or_wrong"
urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}predictions/favicon.svg"), name="favicon"),
    path("", include("predictions.urls")),
    path("", admin.site.urls),
]

handler500 = "predictions.views.faults.answer"
