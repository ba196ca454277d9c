"""What backups seal by persons' keys: which columns hold words about persons, and on which points a row hangs.

Knows no Django: ``zhiyin backup`` reads it. A table of ``inventory.FORGOTTEN_BY_APP`` is here or says there why not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: what hangs on nobody in particular and is of use for days only: forgotten whole with each erasure
PAPERS = "papers"
#: made anew from the other tables by the next start
REMADE_TABLES = frozenset({"engine_settings"})
#: what stands in an entry of the audit that cannot be read any more, until the chain knows of it
UNREADABLE_ENTRY = '{"unreadable": true}'
#: (what stands before the id, column)
Owner = tuple[str, str]
_CUSTOMER: Owner = ("customer:", "customer_id")
_CONTACT: Owner = ("i:", "interaction_id")


@dataclass(frozen=True, slots=True)
class Sealed:
    """One table, or those of its rows for which ``where`` holds.

    ``words`` are sealed, all other columns stay readable. A row hangs on its ``owners``, on ``more_points`` (SQL) and
    on itself (``row``, its id), and is unreadable once one of them is forgotten. Then a restore leaves it out, or where
    others need it or something is counted from it, keeps it with its words as ``empty`` says (as COPY reads them;
    otherwise NULL, or nothing).
    """

    table: str
    words: tuple[str, ...]
    owners: tuple[Owner, ...] = ()
    more_points: tuple[str, ...] = ()
    row: str | None = "id"
    unreadable: Literal["left_out", "empty"] = "left_out"
    empty: Mapping[str, str] = field(default_factory=dict)
    where: str = "true"

    @property
    def points(self) -> tuple[tuple[str, str], ...]:
        """Return what the row hangs on by its own columns, itself first."""
        own = () if self.row is None else ((f"{self.table}:", self.row),)
        return (*own, *self.owners)


_SUBJECT_IS_CUSTOMER = "CASE subject_kind WHEN 'customer' THEN 'customer:' || subject_id END"
_SUBJECT = "CASE subject_kind WHEN 'customer' THEN 'customer:' || subject_id WHEN 'contact' THEN 'i:' || subject_id END"
_BLOCKED = "list = 'block' AND number <> ''"

_OF_CUSTOMERS = (
    Sealed(
        "customers_customer",
        (
            *("name", "pinyin", "company", "gender", "hobbies", "note", "anniversary_on", "birth_day", "birth_month"),
            *("birth_year", "credit_limit", "credit_rating", "custom", "service", "class_reason"),
        ),
        owners=(("customer:", "id"),),
        row=None,
        unreadable="empty",
        empty={"name": "已删除 · Erased", "gender": "unknown", "custom": "{}", "erased_at": "now"},
    ),
    Sealed("customers_customernumber", ("number", "digits"), owners=(_CUSTOMER,)),
    Sealed("customers_customeremail", ("email",), owners=(_CUSTOMER,)),
    Sealed("customers_customeraddress", ("province", "city", "district", "line", "postcode"), owners=(_CUSTOMER,)),
    Sealed("customers_searchentry", ("keys",), owners=(_CUSTOMER,), row=None),
    Sealed("customers_ownedproduct", ("name", "serial", "note"), owners=(_CUSTOMER,)),
    Sealed("customers_relation", ("role", "note"), owners=(_CUSTOMER, ("customer:", "other_id"))),
    Sealed("customers_consent", ("how",), owners=(_CUSTOMER,)),
    # a number that stays blocked is the company's own interest: why it was blocked is not
    Sealed(
        "customers_listentry",
        ("reason", "ended_reason"),
        owners=(_CUSTOMER,),
        unreadable="empty",
        empty={"customer_id": r"\N", "reason": "已删除 · Erased"},
        where=_BLOCKED,
    ),
    Sealed("customers_listentry", ("number", "reason", "ended_reason"), owners=(_CUSTOMER,), where=f"NOT ({_BLOCKED})"),
    Sealed(
        "customers_customermerge",
        ("kept_name", "merged_name", "chosen", "kept_before", "merged_before", "kept_after", "moved"),
        owners=(("customer:", "kept_id"), ("customer:", "merged_id")),
    ),
    Sealed("customers_poolmove", ("reason",), owners=(_CUSTOMER,), unreadable="empty"),
    Sealed("fields_fieldkey", ("text", "number"), owners=(("customer:", "record_id"),)),
)
_OF_CONTACTS = (
    Sealed("event_personal", ("value",), owners=(("", "subject"),), row=None),
    Sealed("interactions_wrapup", ("note",), owners=(_CONTACT,), unreadable="empty"),
    Sealed("assistance_recommendationanswer", ("reason",), owners=(_CUSTOMER, _CONTACT), unreadable="empty"),
    Sealed("followups_note", ("text",), owners=(_CUSTOMER, _CONTACT), unreadable="empty"),
    Sealed(
        "followups_noterevision",
        ("text",),
        more_points=("(SELECT 'customer:' || n.customer_id FROM followups_note n WHERE n.id = note_id)",),
    ),
    Sealed("followups_followup", ("subject", "result"), owners=(_CUSTOMER, _CONTACT), unreadable="empty"),
    Sealed("notifications_notification", ("facts",), owners=(_CUSTOMER,)),
    Sealed("recordings_hold", ("reason",), owners=(_CONTACT,), unreadable="empty"),
)
_OF_OTHERS = (
    Sealed("exchange_import", ("file_name", "sample"), unreadable="empty", empty={"sample": "[]"}),
    Sealed(
        "exchange_importrow",
        ("cells", "problems", "keys", "subject_name", "before", "after"),
        more_points=(
            "(SELECT 'customer:' || subject_id FROM exchange_import f WHERE f.id = imported_id AND kind = 'customers')",
        ),
        unreadable="empty",
        empty={"cells": "[]", "problems": "{}"},
    ),
    Sealed("exchange_storedfile", ("name",), more_points=(f"'{PAPERS}'",), unreadable="empty"),
    Sealed("exchange_filepart", ("body",), more_points=(f"'{PAPERS}'",)),
    Sealed("exchange_export", ("query", "filters"), unreadable="empty", empty={"filters": "{}"}),
    Sealed("exchange_exportpiece", ("keys", "cells"), more_points=(f"'{PAPERS}'",)),
    Sealed(
        "integrations_delivery",
        ("facts", "body", "answer"),
        more_points=(_SUBJECT,),
        unreadable="empty",
        empty={"facts": "{}"},
    ),
    Sealed("integrations_event", ("facts",), more_points=(_SUBJECT,), unreadable="empty", empty={"facts": "{}"}),
    Sealed("integrations_connectorlink", ("remote_id",), owners=(_CUSTOMER,)),
    Sealed(
        "audit_entry",
        ("subject_name", "before", "after"),
        more_points=(_SUBJECT_IS_CUSTOMER,),
        unreadable="empty",
        empty={"subject_name": "••", "after": UNREADABLE_ENTRY},
    ),
    Sealed("views_savedview", ("query",), unreadable="empty"),
    Sealed("assistance_quickreply", ("text", "pinyin"), unreadable="empty"),
    Sealed("announcements_notice", ("title", "text"), unreadable="empty"),
    Sealed("announcements_bulletin", ("title", "text"), unreadable="empty"),
    Sealed("announcements_forumtopic", ("title",), unreadable="empty"),
    Sealed("announcements_forumpost", ("text",), unreadable="empty"),
)
PLAN: tuple[Sealed, ...] = _OF_CUSTOMERS + _OF_CONTACTS + _OF_OTHERS
#: table of a person's rows -> why it is not sealed
NOT_SEALED = {
    "customers_duplicatepair": "ids and codes of rules",
    "integrations_inboundcall": "ids and codes",
    "assistance_checklisttick": "steps of a checklist: words of the company's settings",
    "recordings_file": "the waveform; the sound itself is sealed, file by file",
    "recordings_removal": "names of files, which are ids",
}
