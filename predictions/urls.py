from django.contrib import admin
from django.urls import include, path

from predictions.admin.imports import import_page
from predictions.views import agreement, comparison, league, scorecard_downloads, scorecards

urlpatterns = [
    path("scorecards/", scorecards.index, name="scorecards"),
    path("scorecards/card/", scorecards.page, name="scorecard"),
    path("scorecards/card.csv", scorecard_downloads.table, name="scorecard-csv"),
    path("scorecards/card.json", scorecard_downloads.plain, name="scorecard-json"),
    path("scorecards/compare/", comparison.page, name="comparison"),
    path("scorecards/league/", league.page, name="league"),
    path("scorecards/league/staff/", league.staff, name="league-staff"),
    path("worklists/", include("predictions.admin.worklist_pages")),
    path("agreement/", agreement.page, name="agreement"),
    path("agreement.json", agreement.plain, name="agreement-json"),
    path("import/", admin.site.admin_view(import_page), name="import-forecasts"),
    path("api/", include("predictions.api.urls")),
]
