"""The OpenAPI document: parameters are described from the fields that read them."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from publications import filters
from publications.api import documents
from publications.api.parameters import FieldsField

NOT_NULL = "[^\\x00]"


def spaced(pattern):
    """What a `PlainField` takes: spaces at the ends are passed over."""
    return f"^ *{pattern} *$"


def schema_of(field):
    """What a field accepts, as a JSON schema. An empty value is as good as none."""
    if isinstance(field, filters.NumberField):
        number = {"type": "integer", "minimum": field.smallest, "maximum": field.largest}
        return {"anyOf": [number, {"type": "string", "pattern": spaced("[0-9]{0,6}")}]}
    if isinstance(field, filters.WordField):
        return {"type": "string", "enum": ["", *(value for value, _ in field.choices if value)]}
    if isinstance(field, filters.TagsField):
        return {"type": "array", "items": {"type": "string", "pattern": "^[-a-zA-Z0-9_]{0,100}$"}}
    if isinstance(field, filters.YearsField):
        return {"type": "string", "pattern": spaced("([0-9]{4}(-([0-9]{4})?)?|-[0-9]{4})?")}
    if isinstance(field, filters.DaysField):
        day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
        return {"type": "string", "pattern": spaced(f"({day}/({day})?|/{day})?")}
    if isinstance(field, filters.BibcodesField):
        return {"type": "array", "items": {"type": "string", "pattern": f"^{NOT_NULL}*$"}}
    if isinstance(field, filters.CountField):
        return {"type": "string", "pattern": spaced("([0-9]{1,5}(-([0-9]{1,5})?)?)?")}
    if isinstance(field, filters.DegreesField):
        number = {"type": "number", "minimum": field.smallest, "maximum": field.largest}
        return {"anyOf": [number, {"type": "string", "pattern": r"^[ \t\r\n0-9.eE+-]*$"}]}
    return {"type": "string", "pattern": f"^{NOT_NULL}*$"}


def parameters_of(form, document):
    """The parameters of a form or of a FilterSet; ``fields`` are those of the document."""
    described = getattr(form, "base_fields", None)
    if described is None:
        described = {name: filter_.field for name, filter_ in form.get_filters().items()}
    return [
        OpenApiParameter(
            name,
            schema_of(field),
            description=described_as(field, document),
            explode=True,
            style="form",
        )
        for name, field in described.items()
    ]


def described_as(field, document):
    names = f": {', '.join(document().fields)}" if isinstance(field, FieldsField) else ""
    return f"{field.label or ''}{names}"


def documented(operation, document, form, *, paged=False, one=None):
    """Describe the GET of a view: what it answers, its parameters, how it refuses."""
    answer = documents.page_of(document) if paged else document or OpenApiTypes.OBJECT
    refusals = {400: "A parameter is malformed or unknown.", 429: "Too many requests; see Retry-After."}
    path = []
    if one:
        refusals[404] = "Not here."
        path = [OpenApiParameter(one, {"type": "string", "pattern": f"^{NOT_NULL}+$"}, OpenApiParameter.PATH)]
    responses = {200: answer} | {
        status: OpenApiResponse(documents.ErrorDocument, description=text)
        for status, text in refusals.items()
    }
    return extend_schema_view(
        get=extend_schema(
            operation_id=operation, parameters=[*parameters_of(form, document), *path], responses=responses
        )
    )
