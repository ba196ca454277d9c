"""PostgreSQL's advisory locks that more than one part takes: (class, number), as ``pg_advisory_lock`` has them."""

from __future__ import annotations

#: Shared by whoever reads the files of recordings by what the database says of them (a backup); exclusive for the
#: moment in which recordings are deleted there.
RECORDING_FILES = (20250, 3)

#: Held while entries of the audit are linked to their chain: one sealer at a time.
AUDIT_CHAIN = (20250, 4)
