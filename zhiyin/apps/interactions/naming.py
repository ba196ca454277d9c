"""The words that belong to contacts: names of queues, dispositions and agents in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Answers, Question, ask


@dataclass(frozen=True, slots=True)
class Names:
    """The words that belong to a page of contacts, read in a fixed number of statements."""

    language: int  # 0 Chinese, 1 English: the place in each pair of names
    queues: dict[int, tuple[str, str]]
    dispositions: dict[int, tuple[str, str]]
    agents: dict[int, str]

    def queue(self, queue_id: int | None) -> str:
        return self.queues.get(queue_id or 0, ("", ""))[self.language]

    def disposition(self, disposition_id: int | None) -> str:
        return self.dispositions.get(disposition_id or 0, ("", ""))[self.language]

    def agent(self, agent_id: int | None) -> str:
        return self.agents.get(agent_id or 0, "")


class NameQuestions:
    """What ``Names`` is made of."""

    def __init__(self, actor: Actor, agent_ids: Iterable[int | None]) -> None:
        self._language = 0 if actor.language.startswith("zh") else 1
        self.queues = queues.queue_names_asked(tenant=actor.tenant)
        self.dispositions = queues.disposition_paths_asked(tenant=actor.tenant)
        self.agents = accounts.names_asked(tenant=actor.tenant, user_ids=agent_ids)

    def all(self) -> tuple[Question[Any], ...]:
        return self.queues, self.dispositions, self.agents

    def names(self, told: Answers) -> Names:
        return Names(
            language=self._language,
            queues=told[self.queues],
            dispositions=told[self.dispositions],
            agents=told[self.agents],
        )


def names_for(actor: Actor, agent_ids: set[int | None]) -> Names:
    asked = NameQuestions(actor, agent_ids)
    return asked.names(ask(*asked.all()))
