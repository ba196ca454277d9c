"""The refused rows of an import as they were sent, with a column that says what is wrong, as CSV."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from zhiyin.apps.exchange import queries, sheets
from zhiyin.apps.exchange.kinds import KINDS
from zhiyin.apps.exchange.models import Import, ImportRow
from zhiyin.apps.exchange.words import explain
from zhiyin.apps.tenancy.actors import Actor


def error_file(*, actor: Actor, found: Import) -> bytes:
    fields = KINDS[found.kind].fields(actor)
    titles = ("问题", "行号") if actor.language.startswith("zh") else ("What is wrong", "Row")
    refused = queries.rows_of(found, outcome=ImportRow.Outcome.REFUSED).iterator()
    rows = [[*row.cells, explain(row.problems, fields, language=actor.language), row.number] for row in refused]
    return sheets.to_csv([[*found.titles, *titles], *rows], ZoneInfo(actor.tenant.time_zone))
