"""Of which field of a customer something tells that has another name: in the audit, in an address, in a reason."""

from __future__ import annotations

#: as the audit and the columns of a file call it -> field
_FIELDS = {
    "address": "addresses",
    "birth_day": "birthday",
    "birth_month": "birthday",
    "birth_year": "birthday",
    "first_email": "emails",
    "first_number": "numbers",
    "first_place": "numbers",
    "merged_name": "name",
    "number_uses": "numbers",
    "owner": "owner_id",
    "tag_ids": "tags",
    "tag_names": "tags",
}
#: by what a list is narrowed -> field
FILTERED_BY = {
    "arrears": "arrears",
    "birth_month": "birthday",
    "city": "addresses",
    "in_arrears": "arrears",
    "min_value": "monthly_value",
    "province": "addresses",
    "tags": "tags",
    "type": "type",
}
#: what makes two customers look like one -> field
REASON_OF = {
    "address": "addresses",
    "birthday": "birthday",
    "company": "company",
    "email": "emails",
    "number": "numbers",
    "other_birthday": "birthday",
}


def field_of(name: str) -> str:
    """Return the field of which ``name`` tells; itself where it is one."""
    return _FIELDS.get(name, name)
