"""A kept connection is looked at before each request without a question to the server.

Django asks ``SELECT 1``: a whole round trip for every request. But an idle connection has nothing to say. If something
waits to be read, the server hung up (it was restarted, or the session ended); what else it may be, a notice, is worth
a new connection.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        if self.errors_occurred:
            return super().is_usable()
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        return not line.poll(0)
