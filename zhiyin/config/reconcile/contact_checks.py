"""One record a contact; every conversation, stay in a queue and offer begun once and ended once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhiyin.config.reconcile.books import Books, Event, Row
from zhiyin.config.reconcile.findings import Finding

#: what cannot begin once a contact is over
_BEGINNINGS = frozenset(
    {"NodeEntered", "QueueEntered", "Offered", "DialStarted", "SegmentStarted", "HoldStarted", "TransferStarted",
     "RecordingStarted", "MessageInvited", "CallbackAgreed", "ConsultStarted", "ConferenceStarted", "Parked"}
)  # fmt: skip
_STAYS = {"voice": "queue", "voicemail": "message", "callback": "callback"}
_MISSED = frozenset({"no_answer", "rejected", "failed"})


@dataclass(slots=True)
class Stay:
    """Something with a beginning and an end: a conversation, a stay in a queue, an offer."""

    started_at: datetime
    agent: int | None = None
    queue: int | None = None
    number: int = 0
    ended_at: datetime | None = None
    outcome: str = ""
    hold_s: float = 0.0
    kind: str = ""  # of a stay in line: by what stood there


@dataclass(slots=True)
class Hold:
    """Whether the customer is on hold, by the events so far. ``party``: how far a second party has come."""

    since: datetime | None = None
    party: str = ""  # "", "asked", "private", "swapped", "joined"
    is_agent_away: bool = False

    def take(self, event: Event) -> float:
        """Take an event; return the seconds of hold that it ends."""
        before = self.since
        match event.type:
            case "HoldStarted":
                self.since, self.party = self.since or event.at, self.party and "private"
            case "HoldEnded":
                self.since, self.party = None, self.party and "swapped"
            case "ConsultStarted":
                self.party = "asked"
            case "ConsultAnswered" if self.party == "asked":
                self.party = "private"
            case "ConferenceStarted":
                self.since, self.party = None, "joined"
            case "AgentLegLost":
                self.is_agent_away = True
                if self.party != "joined":
                    self.since = self.since or event.at
            case "AgentLegBack":
                self.is_agent_away = False
                if self.party not in ("asked", "private"):
                    self.since = None
            case "ConsultEnded":
                self.party = ""
                if self.is_agent_away:
                    self.since = self.since or event.at
            case _:
                pass
        return (event.at - before).total_seconds() if before is not None and self.since is None else 0.0

    def end(self, at: datetime) -> float:
        """The conversation is over; a second party may go on with the next."""
        left_s = (at - self.since).total_seconds() if self.since is not None else 0.0
        self.since, self.is_agent_away = None, False
        return left_s


@dataclass(slots=True)
class Story:
    """A contact as its events tell it, by this program's own reading."""

    tenant: int
    id: str
    events: Sequence[Event]
    starts: list[Event] = field(default_factory=list)
    ends: list[Event] = field(default_factory=list)
    talks: dict[int, Stay] = field(default_factory=dict)
    queues: list[Stay] = field(default_factory=list)
    offers: dict[str, Stay] = field(default_factory=dict)
    consults: list[Stay] = field(default_factory=list)
    parks: list[Stay] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return bool(self.ends)

    @property
    def is_internal(self) -> bool:
        """Whether it is a call between colleagues: it counts in no figure."""
        return bool(self.starts) and self.starts[0].body.get("direction") == "internal"

    @property
    def rests(self) -> bool:
        """Whether it waits without its caller: as a message, or to be called back."""
        left = any(e.type == "MessageEnded" and e.body["outcome"] == "left" for e in self.events)
        return left or any(e.type == "CallbackAgreed" for e in self.events)

    @property
    def customer_leg(self) -> str:
        return str(self.starts[0].body.get("customer_leg", "")) if self.starts else ""


def read_story(tenant: int, contact: str, events: Sequence[Event]) -> Story:
    """Read a contact's events; what contradicts itself on the way is noted in ``faults``."""
    story = Story(tenant, contact, events)
    hold = Hold()
    for event in events:
        if story.ends and event.type in _BEGINNINGS:
            story.faults.append(Finding("contact_after_end", contact, event.type))
        match event.type:
            case "InteractionStarted":
                story.starts.append(event)
            case "InteractionEnded":
                story.ends.append(event)
            case "SegmentStarted" | "SegmentEnded":
                _talk(story, event, hold)
            case "QueueEntered" | "QueueLeft":
                _queue(story, event)
            case "Offered" | "OfferEnded":
                _offer(story, event)
            case "Parked" | "ParkEnded":
                _park(story, event)
            case "ConsultAnswered" | "ConsultEnded":
                _consult(story, event, is_first=hold.party == "asked")
            case _:
                pass
        held_s = hold.take(event)
        for talk in story.talks.values():
            if talk.ended_at is None:
                talk.hold_s += held_s
    return story


def _talk(story: Story, event: Event, hold: Hold) -> None:
    number = int(event.body["segment"])
    talk = story.talks.get(number)
    if event.type == "SegmentStarted":
        last = story.queues[-1].queue if story.queues else None
        story.talks[number] = Stay(event.at, agent=event.body["agent"], queue=last, number=number)
        return
    if talk is None or talk.ended_at is not None:
        story.faults.append(Finding("segment_ended_twice", story.id, f"segment {number}"))
        return
    talk.ended_at, talk.outcome = event.at, event.body["outcome"]
    talk.hold_s += hold.end(event.at)


def _consult(story: Story, event: Event, *, is_first: bool) -> None:
    """An agent of ours as second party; one outside counts for nobody."""
    if event.type == "ConsultAnswered" and is_first and event.body.get("agent") is not None:
        story.consults.append(Stay(event.at, agent=event.body["agent"]))
    elif event.type == "ConsultEnded" and story.consults and story.consults[-1].ended_at is None:
        story.consults[-1].ended_at, story.consults[-1].outcome = event.at, event.body["outcome"]


def _park(story: Story, event: Event) -> None:
    if event.type == "Parked":
        story.parks.append(Stay(event.at, agent=event.body["by_agent"]))
    elif story.parks and story.parks[-1].ended_at is None:
        story.parks[-1].ended_at, story.parks[-1].outcome = event.at, event.body["outcome"]


def _queue(story: Story, event: Event) -> None:
    if event.type == "QueueEntered":
        medium = event.body.get("medium", "voice")
        story.queues.append(Stay(event.at, queue=event.body["queue"], kind=_STAYS.get(medium, "queue")))
    elif story.queues and story.queues[-1].ended_at is None:
        story.queues[-1].ended_at, story.queues[-1].outcome = event.at, event.body["outcome"]


def _offer(story: Story, event: Event) -> None:
    name = str(event.body["offer"])
    offer = story.offers.get(name)
    if event.type == "Offered":
        if offer is not None:
            story.faults.append(Finding("offer_ended_twice", story.id, f"{name} made twice"))
        story.offers[name] = Stay(event.at, agent=event.body["agent"])
    elif offer is None or offer.ended_at is not None:
        story.faults.append(Finding("offer_ended_twice", story.id, name))
    else:
        offer.ended_at, offer.outcome = event.at, event.body["outcome"]


def read_stories(books: Books) -> list[Story]:
    return [read_story(tenant, contact, events) for (tenant, contact), events in books.contacts.items()]


def check_contacts(books: Books, stories: Sequence[Story]) -> Iterator[Finding]:
    for story in stories:
        yield from story.faults
        yield from _beginning_and_end(story)
        yield from _index(books, story)
        yield from _record(books, story)
    known = {(story.tenant, story.id) for story in stories}
    for (tenant, contact), row in books.records.items():
        if (tenant, contact) not in known and row["started_at"] >= books.since:
            yield Finding("record_without_contact", contact)
    yield from _one_at_a_time(stories)


def _beginning_and_end(story: Story) -> Iterator[Finding]:
    if story.events[0].type != "InteractionStarted":
        yield Finding("contact_without_start", story.id, story.events[0].type)
    if len(story.starts) > 1:
        yield Finding("contact_started_twice", story.id)
    if len(story.ends) > 1:
        yield Finding("contact_ended_twice", story.id)
    if not story.is_over:
        return
    left_open = (
        ("segment_not_ended", [(talk, f"segment {talk.number}") for talk in story.talks.values()]),
        ("offer_not_ended", [(offer, name) for name, offer in story.offers.items()]),
        ("queue_not_left", [(stay, f"queue {stay.queue}") for stay in story.queues]),
        ("party_not_ended", [(stay, f"agent {stay.agent}") for stay in (*story.consults, *story.parks)]),
    )
    for code, stays in left_open:
        yield from (Finding(code, story.id, detail) for stay, detail in stays if stay.ended_at is None)


def _index(books: Books, story: Story) -> Iterator[Finding]:
    is_open = (story.tenant, story.id) in books.open_streams
    if story.is_over and is_open:
        yield Finding("open_stream_stale", story.id)
    if not story.is_over and not is_open:
        yield Finding("open_stream_missing", story.id)


def _record(books: Books, story: Story) -> Iterator[Finding]:
    """Compare with the record, by what the projector has read by now."""
    folded = [event for event in story.events if books.is_folded(event)]
    if not folded or story.tenant not in books.tenants:
        return
    row = books.records.get((story.tenant, story.id))
    if row is None:
        yield Finding("record_missing", story.id)
        return
    read = story if len(folded) == len(story.events) else read_story(story.tenant, story.id, folded)
    said = {
        "started_at": read.starts[0].at if read.starts else None,
        "ended_at": read.ends[0].at if read.ends else None,
        "answered_at": min((talk.started_at for talk in read.talks.values()), default=None),
    }
    for name, value in said.items():
        if row[name] != value:
            yield Finding("record_differs", story.id, f"{name}: {row[name]} / {value}")
    yield from _segments(books.segments.get((story.tenant, story.id), []), read)


def _segments(rows: Sequence[Row], story: Story) -> Iterator[Finding]:
    talks = Counter((t.number, t.agent, t.started_at, t.ended_at, t.outcome) for t in story.talks.values())
    missed = Counter((o.agent, o.ended_at, o.outcome) for o in story.offers.values() if o.outcome in _MISSED)
    stored: dict[str, Counter[Any]] = {
        "talk": Counter(
            (r["number"], r["agent_id"], r["started_at"], r["ended_at"], r["outcome"])
            for r in rows
            if r["kind"] == "talk"
        ),
        **{
            kind: Counter(
                (r["queue_id"], r["started_at"], r["ended_at"], r["outcome"]) for r in rows if r["kind"] == kind
            )
            for kind in _STAYS.values()
        },
        "offer": Counter((r["agent_id"], r["ended_at"], r["outcome"]) for r in rows if r["kind"] == "offer"),
        **{
            kind: Counter(
                (r["agent_id"], r["started_at"], r["ended_at"], r["outcome"]) for r in rows if r["kind"] == kind
            )
            for kind in ("consult", "park")
        },
    }
    told_of: dict[str, Counter[Any]] = {
        "talk": talks,
        **{
            kind: Counter((q.queue, q.started_at, q.ended_at, q.outcome) for q in story.queues if q.kind == kind)
            for kind in _STAYS.values()
        },
        "offer": missed,
        **{
            kind: Counter((s.agent, s.started_at, s.ended_at, s.outcome) for s in stays if s.ended_at is not None)
            for kind, stays in (("consult", story.consults), ("park", story.parks))
        },
    }
    for kind, told in told_of.items():
        if stored[kind] != told:
            yield Finding("segment_differs", story.id, f"{kind}: {stored[kind].total()} stored, {told.total()} told")
    for row in rows:
        talk = story.talks.get(row["number"]) if row["kind"] == "talk" else None
        if talk is not None and talk.ended_at is not None and abs(row["hold_s"] - talk.hold_s) > 0.001:
            yield Finding("segment_differs", story.id, f"hold: {row['hold_s']:.3f} / {talk.hold_s:.3f} s")


def _one_at_a_time(stories: Sequence[Story]) -> Iterator[Finding]:
    """Nobody is offered two contacts at once, nobody is in two."""
    offers: dict[tuple[int, int], list[tuple[datetime, datetime | None, str]]] = {}
    talks: dict[tuple[int, int], list[tuple[datetime, datetime | None, str]]] = {}
    for story in stories:
        over = story.ends[0].at if story.ends else None
        for stays, found in ((story.offers.values(), offers), ((*story.talks.values(), *story.consults), talks)):
            for stay in stays:
                key = (story.tenant, stay.agent or 0)
                found.setdefault(key, []).append((stay.started_at, stay.ended_at or over, story.id))
    for code, stays_of in (("offered_twice", offers), ("in_two_contacts", _joined(offers, talks))):
        for (_, agent), intervals in stays_of.items():
            for first, second in _overlaps(intervals):
                if code == "offered_twice" or first != second:
                    yield Finding(code, f"agent {agent}", f"{first} and {second}")


def _joined(
    one: dict[tuple[int, int], list[tuple[datetime, datetime | None, str]]],
    other: dict[tuple[int, int], list[tuple[datetime, datetime | None, str]]],
) -> dict[tuple[int, int], list[tuple[datetime, datetime | None, str]]]:
    """Talks, and the offers that another contact's talk could meet."""
    return {key: [*one.get(key, []), *other.get(key, [])] for key in other}


def _overlaps(intervals: list[tuple[datetime, datetime | None, str]]) -> Iterator[tuple[str, str]]:
    open_ones: list[tuple[datetime | None, str]] = []
    for started_at, ended_at, contact in sorted(intervals, key=lambda each: (each[0], each[1] or each[0])):
        open_ones = [(end, who) for end, who in open_ones if end is None or end > started_at]
        for _, who in open_ones:
            yield who, contact
        open_ones.append((ended_at, contact))
