from django.contrib import admin
from django.urls import include, path

from predictions.admin.calendars import calendar_page
from predictions.admin.imports import import_page
from predictions.views import (
    agreement,
    calendar,
    comparison,
    document_comparison,
    document_evidence,
    league,
    ledger,
    posing,
    reading,
    scorecard_downloads,
    scorecards,
    source_downloads,
)

urlpatterns = [
    path("scorecards/", scorecards.index, name="scorecards"),
    path("scorecards/card/", scorecards.page, name="scorecard"),
    path("scorecards/card.csv", scorecard_downloads.table, name="scorecard-csv"),
    path("scorecards/card.json", scorecard_downloads.plain, name="scorecard-json"),
    path("scorecards/compare/", comparison.page, name="comparison"),
    path("scorecards/league/", league.page, name="league"),
    path("scorecards/league/staff/", league.staff, name="league-staff"),
    path("calendar/<str:token>.ics", calendar.dates, name="calendar"),
    path("notices/", include("predictions.admin.notices")),
    path("my-calendar/", admin.site.admin_view(calendar_page), name="my-calendar"),
    path("worklists/", include("predictions.admin.worklist_pages")),
    path("agreement/", agreement.page, name="agreement"),
    path("agreement.json", agreement.plain, name="agreement-json"),
    path("documents/compare/", document_comparison.page, name="document-comparison"),
    path("documents/compare.csv", document_comparison.table, name="document-comparison-csv"),
    path("documents/compare.json", document_comparison.plain, name="document-comparison-json"),
    path("documents/compare/evidence/", document_evidence.page, name="document-evidence"),
    path("documents/annotations.jsonld", source_downloads.annotations, name="source-annotations"),
    path("documents/annotation.jsonld", source_downloads.one_annotation, name="quote-annotation"),
    path("documents/citation.json", source_downloads.csl_json, name="source-csl"),
    path("documents/citation.bib", source_downloads.bibtex, name="source-bibtex"),
    path("reading/<uuid:source>/", reading.page, name="reading"),
    path("reading/<uuid:source>/pose/", posing.page, name="posing"),
    path("reading/<uuid:source>/<uuid:snapshot>/", reading.page, name="reading-text"),
    path("ledger/checkpoint", ledger.checkpoint, name="ledger-checkpoint"),
    path("ledger/keys", ledger.keys, name="ledger-keys"),
    path("ledger/tile/<int:level>/<path:number>", ledger.tile, name="ledger-tile"),
    path("import/", admin.site.admin_view(import_page), name="import-forecasts"),
    path("api/", include("predictions.api.urls")),
]
