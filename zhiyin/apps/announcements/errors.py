"""Refusals about notices, the bulletin and the forum."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed


class PublishedAlready(Conflict):
    """People may have acknowledged it: what they read must not become something else."""

    code = "published_already"
    title = "A published notice is not changed. Withdraw it and publish a new one."


class NotPublished(Conflict):
    code = "not_published"
    title = "This notice is not published, or its time is over."


class NoReaders(Invalid):
    code = "missing"
    title = "Choose who shall read the notice."

    def __init__(self) -> None:
        super().__init__(fields={"readers": "missing"})


class EndsTooEarly(Invalid):
    code = "must_be_later"
    title = "A notice ends after it begins."

    def __init__(self) -> None:
        super().__init__(fields={"ends_at": "must_be_later"})


class UnknownMention(Invalid):
    code = "unknown_reference"
    title = "This user does not exist any more. Reload and choose again."

    def __init__(self, field: str = "mentions") -> None:
        super().__init__(fields={field: "unknown_reference"})


class TopicLocked(Conflict):
    code = "topic_locked"
    title = "This topic is locked. Nobody can reply any more."


class NotYourPost(NotAllowed):
    code = "not_the_author"
    title = "Only the author changes a post; moderators can remove it."
