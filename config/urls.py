from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

# Before the admin's own addresses are made: its sign-in knows of no second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "config.answers.too_large_or_wrong"
handler429 = "config.limits.too_many_attempts"
urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}predictions/favicon.svg"), name="favicon"),
    path("", include("predictions.urls")),
    path("", admin.site.urls),
]

handler500 = "predictions.views.faults.answer"
