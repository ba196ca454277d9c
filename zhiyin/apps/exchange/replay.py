"""Asking a list's own route for all that is filtered, as somebody: rights, scopes and field rights hold by themselves.

So whatever can be listed can be exported, and an export never knows better than its list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.http import Http404, QueryDict
from django.urls import resolve

from zhiyin.apps.exchange.errors import NoList, UnknownFilter
from zhiyin.apps.refusals import NotAllowed, Refusal
from zhiyin.apps.rest.access import WorkRequest
from zhiyin.apps.rest.addresses import query_names
from zhiyin.apps.rest.listing import Listed
from zhiyin.apps.tenancy.actors import Actor

_PATH = re.compile(r"^/api/[a-z0-9/_-]{1,180}$")
#: not filters
_PAGING = ("page", "page_size", "format")
#: values that name nobody: our own words, ids, days and instants
_NAMES_NOBODY = re.compile(r"^(-?[a-z_]{1,30}|\d{1,6}|\d{4}-\d\d-\d\d(T[0-9:.+Z-]{1,30})?)$")
#: what people type
_TYPED = ("search", "number", "text", "name", "field", "subject")


def ask_list(*, actor: Actor, path: str, query: str) -> Listed[Any]:
    """Return what the list at ``path`` holds for this user. Belongs into a transaction of the user's company.

    Raises ``NoList``, ``UnknownFilter``, ``NotAllowed`` and what the list itself refuses.
    """
    taken: list[Listed[Any]] = []
    asked = QueryDict(query, mutable=True)
    for name in _PAGING:
        asked.pop(name, None)
    asked["format"] = "csv"
    if not _PATH.match(path):
        raise NoList(fields={"list_path": "no_list"})
    try:
        match = resolve(path)
    except Http404 as error:
        raise NoList(fields={"list_path": "no_list"}) from error
    request = WorkRequest(actor=actor, path=path, query=asked, take=taken.append)
    answer = match.func(request, *match.args, **match.kwargs)
    if answer.status_code in (401, 403):
        raise NotAllowed
    if answer.status_code >= 400:
        raise _refused(answer.content)
    if not taken:
        raise NoList(fields={"list_path": "no_list"})
    unknown = [name for name in asked if name not in query_names(match) and not name.startswith("custom.")]
    if unknown:  # left out, a slip of the pen would send everybody
        raise UnknownFilter(facts={"names": ", ".join(sorted(unknown))}, fields={"filters": "unknown_filter"})
    if not actor.may(taken[0].right):
        raise NotAllowed(facts={"right": taken[0].right})
    return taken[0]


def _refused(content: bytes) -> Refusal:
    try:
        told = json.loads(content)
        return NoList(str(told["code"]), title=str(told["title"]), facts=told["facts"], fields=told["fields"])
    except (ValueError, KeyError, TypeError):
        return NoList(fields={"list_path": "no_list"})


def plain_filters(query: Mapping[str, str]) -> dict[str, str]:
    """Return filters as they may be written down for ever: what may name a person is a star."""
    return {
        name: value if _NAMES_NOBODY.match(value) and name not in _TYPED and not name.startswith("custom.") else "*"
        for name, value in query.items()
        if name not in _PAGING and value
    }


def permissions_sum(actor: Actor) -> str:
    """Return a check sum of what a user may see: rights, scopes, fields, and whose things are in reach."""
    reach = (sorted(actor.team_ids), sorted(actor.department_team_ids), sorted(actor.deputised_ids))
    held = sorted((code, str(scope)) for code, scope in actor.permissions.rights.items())
    fields = sorted((str(field), str(access)) for field, access in actor.permissions.fields.items())
    return sha256(repr((held, fields, reach)).encode()).hexdigest()
