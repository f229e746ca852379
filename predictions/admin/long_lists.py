"""Lists that stay quick however long their table is: nothing is counted, searched or filtered without a bound."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.admin.filters import RelatedFieldListFilter
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import smart_split, unescape_string_literal
from unfold.views import ChangeList

from predictions.admin.addresses import is_key

MOST_LISTED = 5_000
"""So many rows of a list can be paged through; whether there are more is said, not how many."""

NEWEST = 5_500
"""So many of the newest rows of a long table are looked through for what no index finds, such as what one may see.

More than are listed, so that a list which is cut there says so.
"""

MOST_CHOICES = 50
MOST_COUNTED = 100


class BoundedPaginator(Paginator):
    """Counts no further than MOST_LISTED, and ends there. Finds the rows of a page first, then what is told of them."""

    template_name = "admin/bounded_pagination.html"

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MOST_LISTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._found, MOST_LISTED)

    @property
    def has_more(self) -> bool:
        return self._found > MOST_LISTED

    def page(self, number: int | str) -> Page[Any]:
        page: Any = super().page(number)
        rows: Any = self.object_list
        page.object_list = rows.filter(pk__in=list(page.object_list.values_list("pk", flat=True)))
        return page


class BoundedChangeList(ChangeList):
    """Looks through the NEWEST rows where its admin's table is long, unless an index finds what is asked for."""

    looks_through: int | None = None
    """How many rows were looked through, where there are older ones too; for the page to say."""
    result_count: int
    full_result_count: int | None
    result_list: Any
    preserved_filters: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Asked for every row, and the same for all: what the headings link to, and the way back from a row to this
        # list. Were that left to Django, it would look up for each row whether its address is one of ours.
        self._query_strings: dict[str, str] = {}
        super().__init__(*args, **kwargs)
        self._way_back = f"?{self.preserved_filters}" if self.preserved_filters else ""
        self.preserved_filters = ""

    def url_for_result(self, result: Any) -> str:
        return f"{super().url_for_result(result)}{self._way_back}"

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        asked = repr((new_params, remove))
        if asked not in self._query_strings:
            self._query_strings[asked] = super().get_query_string(new_params, remove)
        return self._query_strings[asked]

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        rows = super().get_queryset(request, exclude_parameters)
        is_found_by_index = set(self.filter_params) & set(self.model_admin.indexed_lookups)
        left_out = self._newest_left_out() if self.model_admin.is_long and not is_found_by_index else None
        if left_out is None:
            return rows
        self.looks_through = NEWEST
        return rows.filter(pk__gt=left_out)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if self.paginator.has_more:
            self.full_result_count = self.result_count  # so that the heading does not call a part "5000 results"
        if self.result_count:
            self.result_list = self.model_admin.with_told(self.result_list, request)
        else:
            self.result_list = self.queryset.none()  # what took long to find nothing is not looked for again

    def _newest_left_out(self) -> Any:
        keys = self.model._default_manager.order_by("-pk").values_list("pk", flat=True)
        return next(iter(keys[NEWEST : NEWEST + 1]), None)


class VisibleFilter(RelatedFieldListFilter):
    """A list filter that offers only the related rows that the reader may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        seen = field.remote_field.model._default_manager.visible_to(request.user)
        return field.get_choices(include_blank=False, limit_choices_to={"pk__in": seen.values("pk")})


class BoundedFilter(RelatedFieldListFilter):
    """A list filter that offers the related rows only while they are few; the address may name any of them."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = field.remote_field.model._default_manager.all()
        keys = list(rows.values_list("pk", flat=True)[: MOST_CHOICES + 1])
        shown = keys if len(keys) <= MOST_CHOICES else [key for key in self.lookup_val or () if is_key(str(key))]
        return list(field.get_choices(include_blank=False, limit_choices_to={"pk__in": shown}))

    def has_output(self) -> bool:
        return bool(self.lookup_val) or super().has_output()


def found_in_sets(rows: models.QuerySet[Any], fields: Sequence[str], term: str) -> models.QuerySet[Any]:
    """Those of `rows` where each word of `term` stands in one of `fields`; related rows are searched first, as a set.

    Where they were joined, PostgreSQL would expect next to nothing to match, and so gather and sort all that does.
    """
    for word in smart_split(term):
        told = unescape_string_literal(word) if word[0] == word[-1] in {'"', "'"} else word
        rows = rows.filter(reduce(or_, (_holds(rows.model, field, told) for field in fields)))
    return rows


def _holds(model: Any, field: str, word: str) -> Q:
    first, _, rest = field.partition("__")
    if not rest:
        return Q((f"{field}__icontains", word))
    related = model._meta.get_field(first).related_model
    return Q((f"{first}__in", related._default_manager.filter((f"{rest}__icontains", word)).order_by().values("pk")))


class CountUpTo(models.Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS bounded)"
    output_field = models.IntegerField()


def counted(rows: models.QuerySet[Any], by: str) -> Coalesce:
    """How many of `rows` name the listed row in their field `by`; a subquery, so that only the page is counted."""
    groups = rows.order_by().filter(**{by: models.OuterRef("pk")}).values(by)
    return Coalesce(models.Subquery(groups.annotate(n=models.Count("pk")).values("n")), 0)


def counted_up_to_bound(rows: models.QuerySet[Any], by: str) -> CountUpTo:
    """As `counted`, but no further than one beyond MOST_COUNTED."""
    return CountUpTo(rows.order_by().filter(**{by: models.OuterRef("pk")}).values("pk")[: MOST_COUNTED + 1])


def in_words(count: int) -> str:
    """What `counted_up_to_bound` counted."""
    return str(count) if count <= MOST_COUNTED else f"more than {MOST_COUNTED}"
