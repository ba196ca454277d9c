"""EspoCRM over its REST interface (https://docs.espocrm.com/development/api/), with the key of an API user.

Customers are its Contacts; a contact of ours is a Call there. The API user's role needs: Contact read (all), Call
create, read and edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from zhiyin.apps.integrations.connectors.asking import ask_json
from zhiyin.apps.integrations.connectors.cursors import FORMAT, ChangeCursor
from zhiyin.apps.integrations.connectors.port import (
    Access,
    Away,
    ChangedCustomers,
    ContactRecord,
    Cursor,
    RemoteCustomer,
    Unacceptable,
)
from zhiyin.contracts.numbers import dial_string

PAGE_SIZE = 50
#: what customers' fields are filled from where nobody says otherwise
MAPPING = (
    {"pointer": "/name", "field": "name"},
    {"pointer": "/phoneNumber", "field": "number"},
    {"pointer": "/emailAddress", "field": "email"},
    {"pointer": "/accountName", "field": "company"},
)
_NOT_FOUND = 404
#: a condition: how it compares, which attribute, with what
_Where = tuple[str, str, str | Sequence[str]]


class EspoCrm:
    """See the port (``CustomerSystem``)."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def check(self) -> None:
        self._list("Contact", [], most=1)
        self._list("Call", [], most=1)

    def find_customer(self, number: str) -> str | None:
        """Finds it as EspoCRM writes numbers (E.164) and as people dial it."""
        forms = sorted({number, dial_string(number, self._access.region)})
        found = self._list("Contact", [("in", "phoneNumber", forms)], most=1, order_by="createdAt")
        return _id_of(found[0]) if found else None

    def save_contact(self, record: ContactRecord) -> str:
        content = _call(record)
        known = record.record_id or self._call_of(record)
        if known is not None:
            try:
                return _id_of(self._ask(f"Call/{quote(known, safe='')}", method="PUT", body=content))
            except Unacceptable as fault:
                if fault.status != _NOT_FOUND:
                    raise
        return _id_of(self._ask("Call", method="POST", body=content))

    def changed_customers(self, cursor: Cursor) -> ChangedCustomers:
        place = ChangeCursor.read(cursor)
        where: list[_Where] = [("greaterThanOrEquals", "modifiedAt", place.since)] if place.since else []
        rows = self._list("Contact", where, most=PAGE_SIZE, offset=place.offset, order_by="modifiedAt")
        changes = [(_id_of(row), str(row.get("modifiedAt") or row.get("createdAt") or "")) for row in rows]
        try:
            after, is_more = place.after(changes, page_size=PAGE_SIZE)
        except ValueError as error:
            raise Away("not_understood") from error
        new = [
            RemoteCustomer(row_id, row)
            for row, (row_id, changed_at) in zip(rows, changes, strict=True)
            if place.is_new(row_id, changed_at)
        ]
        return ChangedCustomers(tuple(new), after.stored(), is_more)

    def _call_of(self, record: ContactRecord) -> str | None:
        """Return the Call that an earlier try made, whose answer was lost."""
        where: list[_Where] = [
            ("equals", "dateStart", _instant(record.started_at)),
            ("contains", "description", _mark(record)),
        ]
        found = self._list("Call", where, most=1)
        return _id_of(found[0]) if found else None

    def _list(
        self, kind: str, where: Sequence[_Where], *, most: int, offset: int = 0, order_by: str = ""
    ) -> list[dict[str, Any]]:
        query: list[tuple[str, str]] = [("maxSize", str(most)), ("offset", str(offset))]
        if order_by:
            query += [("orderBy", order_by), ("order", "asc")]
        for index, (compared, attribute, value) in enumerate(where):
            query += [(f"where[{index}][type]", compared), (f"where[{index}][attribute]", attribute)]
            if isinstance(value, str):
                query.append((f"where[{index}][value]", value))
                continue
            query += [(f"where[{index}][value][]", each) for each in value]
        answer = self._ask(f"{kind}?{urlencode(query)}")
        rows = answer.get("list") if isinstance(answer, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Away("not_understood")
        return rows

    def _ask(self, path: str, *, method: str = "GET", body: dict[str, Any] | None = None) -> Any:
        headers = {"X-Api-Key": self._access.secret, "X-No-Total": "true"}
        return ask_json(self._access, f"/api/v1/{path}", headers=headers, method=method, body=body)


def _call(record: ContactRecord) -> dict[str, Any]:
    content: dict[str, Any] = {
        "name": record.title,
        "status": "Held" if record.is_answered else "Not Held",
        "direction": "Inbound" if record.direction == "inbound" else "Outbound",
        "dateStart": _instant(record.started_at),
        "dateEnd": _instant(record.ended_at),
        "description": f"{record.text}\n{_mark(record)}".strip(),
    }
    if record.customer_id is not None:
        content["contactsIds"] = [record.customer_id]
    return content


def _mark(record: ContactRecord) -> str:
    """Return the line by which a Call is known to be of this contact."""
    return f"Zhiyin {record.contact_id}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime(FORMAT)


def _id_of(row: Any) -> str:
    """Raises ``Away`` where what came is no record."""
    found = row.get("id") if isinstance(row, dict) else None
    if not isinstance(found, str) or not 0 < len(found) <= 80:
        raise Away("not_understood")
    return found
