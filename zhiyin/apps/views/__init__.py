"""Saved views: lists as somebody filtered, sorted and arranged them, to come back to and to share."""
