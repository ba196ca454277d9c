"""Contacts as remembered: the event log, what is folded from it, wrap-ups, missed calls, links to customers."""
