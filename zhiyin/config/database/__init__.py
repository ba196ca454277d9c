"""Django's PostgreSQL, with a cheaper look at a kept connection (``base.py``, as Django wants it named)."""
