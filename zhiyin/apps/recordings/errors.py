"""What goes wrong with recordings."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, NotAllowed, NotFound


class NotYourRecording(NotAllowed):
    """Agents listen to their own conversations only."""

    code = "not_your_recording"
    title = "You may listen only to your own conversations."


class NoFile(NotFound):
    """The recording is still being made, failed, or its file is gone. ``state`` says which."""

    code = "no_file"

    def __init__(self, state: str) -> None:
        super().__init__(title="This recording cannot be played (yet).", facts={"state": state})


class DeletedByRetention(NotFound):
    """The company's period for keeping recordings was over."""

    code = "recording_deleted"
    title = "This recording was deleted: the time for which recordings are kept was over."


class CannotHold(Conflict):
    """What is deleted already cannot be kept."""

    code = "recording_deleted"
    title = DeletedByRetention.title


class FilesAreRead(Exception):
    """A backup reads the files of recordings: none is deleted meanwhile."""


class RecordingBroken(Exception):
    """No recording can be made of the raw file; the text says why."""


class NothingRecorded(RecordingBroken):
    """The raw file is missing or empty; the text says which."""


class FileDamaged(Exception):
    """An encrypted file was changed, cut, or belongs to another recording or key."""
