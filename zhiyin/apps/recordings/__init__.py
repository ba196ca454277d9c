"""Recordings: from the raw file of a call to an encrypted one that is listened to, and who listened."""
