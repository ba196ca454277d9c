"""What may stand in a request at all, checked once for every route: JSON as its standard says, text that is text.

Python's reader lets through NaN, NUL and halves of surrogate pairs; PostgreSQL stores none of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn, cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser


class NotText(ValueError):
    """NUL, or half of a surrogate pair."""


class StrictParser(Parser):
    """Ninja turns what is raised here into 400 ``bad_request``."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = json.loads(request.body, parse_constant=_refuse_constant)
        _check(body)
        return cast(dict[str, Any], body)


class RefuseBrokenText:
    """The same for the address and for forms, before anything reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        try:
            _check(request.path)
            for fields in (request.GET, request.POST):
                _check(dict(cast("MultiValueDict[str, str]", fields).lists()))
        except NotText as error:
            raise BadRequest(str(error)) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check(value: object) -> None:
    """Raises ``NotText``."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise NotText("not text: NUL or half of a surrogate pair")
    elif isinstance(value, dict):
        for name, item in value.items():
            _check(name)
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
