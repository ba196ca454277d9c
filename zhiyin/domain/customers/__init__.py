"""Decisions about customers: classes by rule, key accounts, the public pool. Pure."""
