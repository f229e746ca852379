"""A source as a citation, and its quotes as annotations, for other programs. What is hidden is not there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from accounts.models import User
from predictions.exchange import annotation, citation
from predictions.models import Quote, Snapshot, Source
from predictions.queries.source_exchange import NEWEST_FIRST, AddressOf, quoted, quotes_of, work_of
from predictions.views.access import for_readers
from predictions.views.document_address import uuid_of


@for_readers
def annotations(request: HttpRequest, user: User) -> HttpResponse:
    """All standing quotes of a source as an AnnotationCollection."""
    source = _source(request, user)
    here = f"{request.build_absolute_uri(request.path)}?source={source.uuid}"
    told = annotation.collection(here, f"Quotes of {source}", quoted(quotes_of(source), _address_of(request)))
    return _file(annotation.written(told), annotation.MEDIA_TYPE, f"{_name(source)}.annotations.jsonld")


@for_readers
def one_annotation(request: HttpRequest, user: User) -> HttpResponse:
    """One quote as an Annotation."""
    rows = Quote.objects.visible_to(user).select_related("entry", "source").prefetch_related(NEWEST_FIRST)
    uuid = uuid_of(request.GET.get("quote", ""))
    quote = rows.filter(uuid=uuid).first() if uuid else None
    if quote is None:
        raise Http404("There is no such quote.")
    [told] = quoted([quote], _address_of(request))
    name = f"{_name(quote.source)}-{str(quote.uuid)[:8]}.annotation.jsonld"
    return _file(annotation.written(annotation.annotation(told)), annotation.MEDIA_TYPE, name)


@for_readers
def csl_json(request: HttpRequest, user: User) -> HttpResponse:
    source = _source(request, user)
    text = annotation.written([citation.csl(work_of(source))])
    return _file(text, citation.CSL_MEDIA_TYPE, f"{_name(source)}.csl.json")


@for_readers
def bibtex(request: HttpRequest, user: User) -> HttpResponse:
    source = _source(request, user)
    return _file(citation.bibtex(work_of(source)), citation.BIBTEX_MEDIA_TYPE, f"{_name(source)}.bib")


def _source(request: HttpRequest, user: User) -> Source:
    uuid = uuid_of(request.GET.get("source", ""))
    source = Source.objects.visible_to(user).filter(uuid=uuid).first() if uuid else None
    if source is None:
        raise Http404("There is no such source.")
    return source


def _address_of(request: HttpRequest) -> AddressOf:
    def address(snapshot: Snapshot) -> str:
        path = reverse("api:sources-text", args=[snapshot.source.uuid])
        return request.build_absolute_uri(f"{path}?sha256={snapshot.sha256}")

    return address


def _name(source: Source) -> str:
    return slugify(source.title)[:60] or "source"


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=media_type, headers=headers)
