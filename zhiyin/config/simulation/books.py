"""The books of a history, checked from the log alone by logic of their own: nothing here uses the engine's rules, so
that it can disagree with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from zhiyin.contracts.events import Envelope

_BUSY = frozenset({"reserved", "alerting", "dialling", "talking", "hold"})


@dataclass(slots=True)
class _Contact:
    started: int = 0
    ended: int = 0
    offers: dict[str, int] = field(default_factory=dict)
    segments: dict[int, int] = field(default_factory=dict)
    recordings: set[str] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    queued_at: datetime | None = None


@dataclass(slots=True)
class _Person:
    state: str = "logged_out"
    since: datetime | None = None
    signed_in_at: datetime | None = None
    state_s: float = 0.0
    signed_in_s: float = 0.0
    until: datetime | None = None


class Books:
    """Reads all events in the order in which the engines numbered them; ``wrong`` says what does not add up."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self._contacts: dict[str, _Contact] = defaultdict(_Contact)
        self._people: dict[int, _Person] = defaultdict(_Person)
        self._places: dict[tuple[str, int], int] = {}
        self._offered: dict[int, str] = {}
        self._talking: dict[int, str] = {}
        self._refusals: dict[int, set[str]] = defaultdict(set)
        self._all_offers: set[str] = set()
        self._dialled: set[str] = set()
        self._pulled: set[tuple[str, int]] = set()  # a lead took it out of the line, whatever the lead was doing

    def read(self, envelopes: Iterable[Envelope], *, until: datetime) -> list[str]:
        """Return what is wrong with the whole log; whoever is signed in is counted up to ``until``."""
        for envelope in sorted(envelopes, key=lambda e: (e.epoch, e.number)):
            self._place(envelope)
            body: dict[str, Any] = msgspec.json.decode(envelope.body)
            if envelope.stream.startswith("i:"):
                self._contact(envelope, body)
            elif envelope.type == "AgentStateChanged":
                self._person(envelope.at, body)
        self._close_people(until)
        for stream, contact in self._contacts.items():
            self.wrong += self._unfinished(stream, contact)
        for agent, person in self._people.items():
            if abs(person.state_s - person.signed_in_s) > 0.001:
                self._say(f"agent {agent}: states last {person.state_s:.3f} s, signed in {person.signed_in_s:.3f} s")
        return self.wrong

    def _say(self, what: str) -> None:
        self.wrong.append(what)

    def _place(self, envelope: Envelope) -> None:
        key = (envelope.stream, envelope.epoch)
        expected = self._places.get(key, 0) + 1
        if envelope.seq != expected:
            self._say(f"{envelope.stream}: event {envelope.seq} of epoch {envelope.epoch} where {expected} belongs")
        self._places[key] = envelope.seq

    # --- contacts ---------------------------------------------------------------------------------------------------

    def _contact(self, envelope: Envelope, body: dict[str, Any]) -> None:  # noqa: C901, PLR0912 - one arm an event
        stream, contact = envelope.stream, self._contacts[envelope.stream]
        if contact.ended and envelope.type != "InteractionStarted":
            self._say(f"{stream}: {envelope.type} after its end")
        match envelope.type:
            case "InteractionStarted":
                contact.started += 1
                if body["target_kind"] == "agent":
                    self._dialled.add(stream.removeprefix("i:"))
            case "InteractionEnded":
                contact.ended += 1
            case "QueueEntered":
                if contact.queued_at is not None:
                    self._say(f"{stream}: joined a line while it stood in one: its place was lost")
                contact.queued_at = envelope.at
                contact.refused.clear()
            case "QueueLeft":
                contact.queued_at = None
            case "Offered":
                self._offer(stream, contact, body)
            case "OfferEnded":
                self._offer_ended(stream, contact, body)
            case "SegmentStarted":
                self._talk(stream, contact, body)
            case "SegmentEnded":
                if contact.segments.pop(body["segment"], None) is None:
                    self._say(f"{stream}: segment {body['segment']} ended without having begun")
                if self._talking.get(body["agent"]) == stream:
                    del self._talking[body["agent"]]
            case "RecordingStarted":
                contact.recordings.add(body["recording"])
            case "RecordingEnded" | "RecordingFailed":
                if body["recording"] not in contact.recordings:
                    self._say(f"{stream}: recording {body['recording']} ended twice")
                contact.recordings.discard(body["recording"])
            case _:
                pass

    def _offer(self, stream: str, contact: _Contact, body: dict[str, Any]) -> None:
        agent, offer = body["agent"], body["offer"]
        if offer in self._all_offers:
            self._say(f"{stream}: offer {offer} made twice")
        self._all_offers.add(offer)
        rings_all = body["why"].get("rule") == "ring_all"
        if contact.offers and not rings_all:
            self._say(f"{stream}: offered to agent {agent} while it was offered already")
        if rings_all and len(contact.offers) >= body["why"]["at_most"]:
            self._say(f"{stream}: offered to agent {agent} while {len(contact.offers)} were rung, the bound")
        if agent in self._offered:
            self._say(f"{stream}: offered to agent {agent}, to whom {self._offered[agent]} is offered")
        if agent in self._talking:
            self._say(f"{stream}: offered to agent {agent}, who talks in {self._talking[agent]}")
        is_meant = body["why"].get("rule") in (
            "only_agent",
            "pulled",
        )  # a colleague gave the contact to this agent by name
        if agent in contact.refused and not is_meant:
            self._say(f"{stream}: offered again to agent {agent}, who had refused it")
        person = self._people[agent]
        if body["why"].get("rule") == "pulled":
            self._pulled.add((stream.removeprefix("i:"), agent))
        # a colleague's call reaches whoever is signed in and in no call, and a lead may take what waits
        is_asked_for = body["why"].get("rule") in ("dialled", "pulled")
        if person.state not in ("ready", "reserved") and not is_asked_for:
            self._say(f"{stream}: offered to agent {agent}, who was {person.state}")
        contact.offers[offer] = agent
        self._offered[agent] = stream

    def _offer_ended(self, stream: str, contact: _Contact, body: dict[str, Any]) -> None:
        agent = contact.offers.pop(body["offer"], None)
        if agent is None:
            self._say(f"{stream}: offer {body['offer']} ended twice")
            return
        self._offered.pop(agent, None)
        if body["outcome"] in ("no_answer", "rejected", "failed"):
            contact.refused.add(agent)
            self._refusals[agent].add(stream)

    def _talk(self, stream: str, contact: _Contact, body: dict[str, Any]) -> None:
        agent = body["agent"]
        if agent in self._talking:
            self._say(f"{stream}: agent {agent} is connected, who talks in {self._talking[agent]}")
        if agent in self._offered:
            self._say(f"{stream}: agent {agent} is connected, to whom {self._offered[agent]} is offered")
        if contact.offers:
            self._say(f"{stream}: agent {agent} is connected while {sorted(contact.offers.values())} are rung")
        contact.segments[body["segment"]] = agent
        self._talking[agent] = stream

    def _unfinished(self, stream: str, contact: _Contact) -> Iterator[str]:
        if (contact.started, contact.ended) != (1, 1):
            yield f"{stream}: began {contact.started} times, ended {contact.ended} times"
        for what, left in (("offer", contact.offers), ("segment", contact.segments), ("recording", contact.recordings)):
            if left:
                yield f"{stream}: {what} {sorted(map(str, left))} never ended"
        if contact.queued_at is not None:
            yield f"{stream}: never left the line"

    # --- agents -----------------------------------------------------------------------------------------------------

    def _person(self, at: datetime, body: dict[str, Any]) -> None:
        agent, state = body["agent"], body["state"]
        person = self._people[agent]
        if person.since is not None and at < person.since:
            self._say(f"agent {agent}: {state} begins before {person.state} did")
        if person.since is not None and person.state != "logged_out":
            person.state_s += (at - person.since).total_seconds()
        contact = body.get("interaction")
        is_asked_for = contact in self._dialled or (contact, agent) in self._pulled
        if person.state == "wrap_up" and state in _BUSY and state != "dialling" and not is_asked_for:
            self._say(f"agent {agent}: {state} out of wrap-up")
        if person.state == "logged_out" and state != "logged_out":
            person.signed_in_at = at
        if state == "logged_out" and person.signed_in_at is not None:
            person.signed_in_s += (at - person.signed_in_at).total_seconds()
            person.signed_in_at = None
        if state == "ready":
            for stream in self._refusals.pop(agent, set()):
                self._contacts[stream].refused.discard(agent)  # ready anew: it may be asked again
        person.state, person.since = state, at

    def _close_people(self, at: datetime) -> None:
        for person in self._people.values():
            if person.signed_in_at is not None and person.since is not None:
                person.state_s += (at - person.since).total_seconds()
                person.signed_in_s += (at - person.signed_in_at).total_seconds()
