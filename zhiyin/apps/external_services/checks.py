"""What a service's settings must be, beyond their shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings as installation

from zhiyin.apps.external_services.errors import BadService
from zhiyin.domain.flows.filling import CannotFill, fill_path, names_in, read_body
from zhiyin.domain.flows.nodes.asking import is_header_name
from zhiyin.domain.json_pointers import is_pointer
from zhiyin.domain.security.egress import RefusedTarget, as_http, is_address, is_named_inside, read_target
from zhiyin.domain.security.public_addresses import is_public
from zhiyin.domain.speech.streams import STREAMS

#: a second statement, or what is none
_NOT_ONE = re.compile(r";\s*\S|^\s*(?!select\b|with\b|table\b|values\b|\()", re.IGNORECASE)


def check_settings(given: Mapping[str, Any]) -> None:
    """Raises ``BadService`` naming the setting."""
    if "base_url" in given:
        is_socket = given.get("protocol") in STREAMS
        _check_url(as_http(given["base_url"]) if is_socket else given["base_url"])
    for name in ("secret_header", *given.get("headers", {})):
        text = given.get(name, "") if name == "secret_header" else name
        if text and not is_header_name(text):
            raise BadService("bad_header", "headers" if name != "secret_header" else name)
    if "body" in given:
        _check_body(given["body"])
    for name in ("status_pointer", "reference_pointer", "ok_pointer", "text_pointer"):
        if not is_pointer(given.get(name, "")):
            raise BadService("bad_pointer", name)
    if "path" in given:
        _check_path(given["path"])
    if given.get("kind") == "synthesis" and "text" not in names_in(given["body"]):
        raise BadService("no_text", "body")
    if "host" in given:
        _check_host(given)
    _check_statements(given.get("statements", ()))


def _check_url(url: str) -> None:
    try:
        parts = read_target(url, internal_hosts=installation.INTERNAL_HOSTS)
    except RefusedTarget as refused:
        raise BadService(refused.code, "base_url") from refused
    if parts.query or "{{" in url:
        raise BadService("bad_url", "base_url")


def _check_body(body: str) -> None:
    try:
        read_body(body)
    except CannotFill as error:
        raise BadService("bad_body", "body") from error


def _check_path(path: str) -> None:
    try:
        fill_path(path, {})
    except CannotFill as error:
        raise BadService("bad_path", "path") from error
    if names_in(path):
        raise BadService("bad_path", "path")


def _check_host(given: Mapping[str, Any]) -> None:
    host = given["host"].strip("[]")
    if is_named_inside(host, given["port"], installation.INTERNAL_HOSTS):
        return
    if is_address(host) and not is_public(host):
        raise BadService("internal_address", "host")
    for name, open_way in (("tls", ("require", "disable")), ("security", ("none",))):
        if given.get(name) in open_way:
            raise BadService("needs_tls", name)


def _check_statements(statements: Any) -> None:
    codes = [statement["code"] for statement in statements]
    if len(set(codes)) < len(codes):
        raise BadService("code_twice", "statements")
    if any(_NOT_ONE.search(statement["query"]) for statement in statements):
        raise BadService("bad_query", "statements")
