"""Hearing by programs of their own, and trying it by hand."""
