"""Finds what a command line names: by uuid, or by the short name of a casebook."""

from collections.abc import Iterable
from difflib import get_close_matches
from uuid import UUID

from django.core.management.base import CommandError
from django.db.models import Q

from accounts.models import User
from predictions.models import Source


def is_named(text: str) -> Q:
    """Condition on rows whose uuid or short name is `text`."""
    try:
        return Q(external_id=text) | Q(uuid=UUID(text))
    except ValueError:
        return Q(external_id=text)


def one_source(text: str, user: User) -> Source:
    """The source that `text` names. Raises CommandError where there is none, or where several cases have one."""
    visible = Source.objects.visible_to(user)
    found = list(visible.filter(is_named(text)).select_related("case")) if text else []
    if not found:
        raise unknown("source", text, visible.exclude(external_id="").values_list("external_id", flat=True))
    if len(found) > 1:
        listed = "\n".join(f"  {source.uuid}  {source.case}" for source in found)
        raise CommandError(f"Several cases have a source “{text}”. Name one by its uuid:\n{listed}")
    return found[0]


def unknown(kind: str, name: str, known: Iterable[str]) -> CommandError:
    """What to raise where nothing is called `name`: says which names come near, or which there are."""
    names = {each.casefold(): each for each in sorted(set(known))}
    near = [names[each] for each in get_close_matches(name.casefold(), names, n=5, cutoff=0.5)]
    near = near or [each for folded, each in names.items() if name.casefold() in folded][:5]
    if near:
        return CommandError(f"There is no {kind} “{name}”. Did you mean: {'; '.join(near)}?")
    listed = f" There are: {'; '.join(list(names.values())[:10])}." if names else ""
    return CommandError(f"There is no {kind} “{name}”.{listed}")
