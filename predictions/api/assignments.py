from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from accounts.models import User
from accounts.roles import Role
from predictions.api.bodies import Given, Shown
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import SeenRow
from predictions.models import Assignment, Prediction
from predictions.operations.assessments import assign_resolver
from predictions.policy import can


class AssignmentShown(Shown):
    """That a resolver is asked to judge a prediction, until it is withdrawn. It does not say whether they have."""

    is_own = serializers.SerializerMethodField(help_text="Whether the caller is asked.")
    resolver = serializers.SerializerMethodField(help_text="Username; told to those who may ask resolvers.")

    class Meta:
        model = Assignment
        fields = ("uuid", "prediction", "is_own", "resolver", "how", "assigned_at", "withdrawn_at")

    def get_is_own(self, assignment: Assignment) -> bool:
        return assignment.resolver_id == self.context["view"].caller.pk

    def get_resolver(self, assignment: Assignment) -> str | None:
        may_know = can(self.context["view"].caller, "assign_resolver")
        return assignment.resolver.username if may_know else None


class AssignmentGiven(Given):
    """Whom to ask for their judgement."""

    prediction = SeenRow(Prediction)
    resolver = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(groups__name=Role.RESOLVER, is_active=True),
        help_text="Username.",
        error_messages={"does_not_exist": "There is no such resolver."},
    )

    def row(self) -> Any:
        return Assignment(**self.validated_data)


class AssignmentFilters(filters.FilterSet):
    case = filters.UUIDFilter("prediction__case__uuid")
    prediction = filters.UUIDFilter("prediction__uuid")


@extend_schema_view(create=extend_schema(request=AssignmentGiven, responses={201: AssignmentShown}))
class Assignments(Recording, Shelf):
    """Who is asked to judge what. Adjudicators and administrators ask resolvers."""

    queryset = Assignment.objects.select_related("prediction", "resolver")
    serializer_class = AssignmentShown
    filterset_class = AssignmentFilters
    verb = "assign_resolver"
    given = AssignmentGiven
    operation = assign_resolver
