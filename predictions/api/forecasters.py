from predictions.api.bodies import Shown
from predictions.api.doors import Shelf
from predictions.models import Forecaster


class ForecasterShown(Shown):
    """A person, outlet, crowd or model that issues forecasts."""

    class Meta:
        model = Forecaster
        fields = ("uuid", "name", "kind", "description")


class Forecasters(Shelf):
    """Those in whose name forecasts are logged, by name."""

    queryset = Forecaster.objects.all()
    serializer_class = ForecasterShown
    ordering = "name"
