"""What goes wrong with recordings."""

from __future__ import annotations

from zhiyin.apps.refusals import NotAllowed, NotFound


class NotYourRecording(NotAllowed):
    """Agents listen to their own conversations only."""

    code = "not_your_recording"
    title = "You may listen only to your own conversations."


class NoFile(NotFound):
    """The recording is still being made, failed, or its file is gone. ``state`` says which."""

    code = "no_file"

    def __init__(self, state: str) -> None:
        super().__init__(title="This recording cannot be played (yet).", facts={"state": state})


class RecordingBroken(Exception):
    """The raw file is missing, empty or cut; the text says which."""


class FileDamaged(Exception):
    """An encrypted file was changed, cut, or belongs to another recording or key."""
