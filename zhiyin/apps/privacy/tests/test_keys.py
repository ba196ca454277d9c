"""An erasure forgets the keys by which backups seal what they hold of the person, and nobody else's."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from zhiyin.apps.conftest import connected_as
from zhiyin.apps.customers import services as customers
from zhiyin.apps.followups import notes
from zhiyin.apps.interactions import erasing as contacts
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.privacy.models import Touched
from zhiyin.apps.privacy.tests.persons import NAME, NINE, House, finish, order
from zhiyin.contracts import person_keys


def keys() -> person_keys.PersonKeys:
    found = person_keys.read(Path(settings.DATA_DIR))
    assert found is not None
    return found


def test_the_keys_of_a_person_are_forgotten_and_no_other(house: House, person: int) -> None:
    tenant = house.company.tenant
    with house.web() as company:
        actor = company.actor("lead")
        other = customers.create_customer(actor=actor, fields={"name": "旁人"}).pk
        named = notes.write_note(
            actor=actor, customer_id=other, interaction_id=None, mentions=[], text=f"由{NAME}介绍", now=NINE
        ).pk
        unnamed = notes.write_note(
            actor=actor, customer_id=other, interaction_id=None, mentions=[], text="自己来的", now=NINE
        ).pk
    contact = contacts.contacts_of(tenant=tenant, customer_id=person)[0]
    sound = interactions.list_recordings(tenant=tenant).get(interaction_id=contact).pk
    gone = [f"customer:{person}", f"i:{contact}", f"recording:{sound}", f"followups_note:{named}", "papers"]
    stays = [f"customer:{other}", f"followups_note:{unnamed}", "i:other", "recording:other"]
    held = keys()
    old = {point: held.newest(point) for point in gone + stays}
    assert all(held.key_of([point]) for point in old.values())

    finish(house, order(house, person))

    left = keys()
    assert [point for point in old if left.key_of([old[point]]) is None] == gone
    assert all(left.key_of([left.newest(point)]) for point in gone), "what lives on is sealed by its next key"
    with connected_as(house.database.owner):
        assert not Touched.objects.of(tenant).exists()


def test_nothing_is_noted_unless_an_erasure_is_at_work(house: House) -> None:
    with house.web() as company:
        made = customers.create_customer(actor=company.actor("lead"), fields={"name": "旁人"}).pk
        customers.update_customer(actor=company.actor("lead"), customer_id=made, fields={"note": "x"}, version=None)
    assert not Touched.objects.of(house.company.tenant).exists()
