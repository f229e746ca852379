from predictions.api.bodies import Shown
from predictions.api.doors import Shelf
from predictions.models import Case


class CaseShown(Shown):
    """A dossier, and how its sentences were chosen."""

    class Meta:
        model = Case
        fields = (
            "uuid",
            "external_id",
            "title",
            "description",
            "selection",
            "zone",
            "is_private",
            "hides_forecasts",
            "resolvers_asked",
            "notice_hours",
        )


class Cases(Shelf):
    """The dossiers that sources and predictions belong to, by short name."""

    queryset = Case.objects.all()
    serializer_class = CaseShown
    ordering = "external_id"
