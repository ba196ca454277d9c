"""Why a run did not succeed: codes that the pages have words for. ``facts`` fill the sentence, and name nobody."""

from __future__ import annotations


class PlaceFault(Exception):
    """A file could not be brought or fetched.

    ``code``: no_base_folder no_folder not_a_folder not_writable disk_full file_broken file_too_large, those of
    ``outgoing`` (unresolved refused_address unreachable tls late broken) and refused_access not_accepted moved
    server_error. Unless ``is_lasting``, it is tried again before the plan's own time.
    """

    def __init__(self, code: str, *, is_lasting: bool = False, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.is_lasting = is_lasting
        self.facts = facts
