"""Backup and restore of one installation: what cannot be made again, in one file that proves itself whole."""
