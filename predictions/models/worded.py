"""Parts of a question that depend on no row around them: put into SQL once for a person, and asked anew each time."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Expression, Field, QuerySet

from accounts.models import User

KEPT = 10_000
"""So many wordings, about 1.3 kB each: nine for a person who has seen every kind of page."""

Ask = Callable[[User], QuerySet[Any]]


class Worded(Expression):
    """The values of one column, to stand behind `…__in=`, in the SQL that asks for them."""

    def __init__(self, sql: str, params: tuple[Any, ...], output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.sql, self.params = sql, params

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"({self.sql})", self.params

    def get_group_by_cols(self) -> list[Any]:
        """None: it is the same for every row."""
        return []


def worded(ask: Ask, user: User, column: str) -> Worded:
    """The values of `column` in `ask(user)`. What is kept is the wording, which stays the same; never an answer.

    Django puts a queryset into SQL again, with all that stands in it, for every query that it is a part of: a third of
    the time of a page that asks a dozen times what somebody may see. `ask` is a function of a module or a method of a
    model's `objects` (what is made anew for each call would never be found again), and knows of the person their key
    and address only, which is all that a wording may depend on.
    Errors: ValueError where a row around it is referred to.
    """
    return _kept(ask, user.pk, user.email, column)


@lru_cache(maxsize=KEPT)
def _kept(ask: Ask, user_key: int, email: str, column: str) -> Worded:
    query = ask(User(pk=user_key, email=email)).order_by().values(column).query
    sql, params = query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return Worded(sql, params, query.output_field)
