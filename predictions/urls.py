from django.urls import include, path

from predictions.views import scorecards

urlpatterns = [
    path("scorecards/", scorecards.index, name="scorecards"),
    path("scorecards/card/", scorecards.page, name="scorecard"),
    path("scorecards/card.csv", scorecards.table, name="scorecard-csv"),
    path("api/", include("predictions.api.urls")),
]
