"""Refusals about flows' traffic."""

from __future__ import annotations

from zhiyin.apps.refusals import NotFound


class UnknownFlow(NotFound):
    """No such flow, it is another company's, or its figures are out of reach."""
