"""Refusals about saved views."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed


class NotYourView(NotAllowed):
    """Somebody else's view is seen, not changed."""

    code = "not_your_view"
    title = "This view belongs to somebody else. Save it under a name of your own and change that."


class MayNotShare(NotAllowed):
    code = "may_not_share"
    title = "Your role may not share views with everybody. Share it with your team, or ask an administrator."


class NoTeam(Invalid):
    code = "no_team"
    title = "You are in no team, so there is nobody to share it with. Ask an administrator to put you into one."

    def __init__(self) -> None:
        super().__init__(fields={"sharing": "no_team"})


class TooManyViews(Conflict):
    code = "too_many_views"

    def __init__(self, most: int) -> None:
        super().__init__(title=f"You can keep {most} views of a list. Remove one first.", facts={"most": most})
