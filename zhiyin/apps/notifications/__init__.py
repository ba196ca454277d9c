"""Notifications (消息): what a user shall hear of, whichever page is open."""
