"""Who was asked how it was is known to the engine by PostgreSQL's rows: of the number, and of the customer's others."""

from __future__ import annotations

from datetime import timedelta

from tests.engine.test_postgres_log import AT, TENANT, log  # noqa: F401 - the log under test is a fixture
from tests.harness.api import Api
from tests.harness.product import Product
from zhiyin.engine.adapters.postgres.log import PostgresLog


async def test_who_was_asked_how_it_was_is_known_by_the_number_and_by_the_customers_others(
    log: PostgresLog,  # noqa: F811 - the fixture
    product: Product,
    administrator: Api,
) -> None:
    mobile, office, stranger = "+8613812340001", "+8657112340002", "+8613912340003"
    made = administrator.ask("POST", "/customers", {"name": "李", "numbers": [{"number": mobile}, {"number": office}]})
    ((tenant,),) = [
        row.values() for row in product.rows("SELECT tenant_id FROM customers_customer WHERE id = %s", made["id"])
    ]
    for place, number in enumerate((mobile, mobile, stranger)):
        product.rows(
            "INSERT INTO event_personal (tenant_id, ref, subject, kind, value)"
            " VALUES (%s, %s, %s, 'number', %s) RETURNING 1",
            *(tenant, f"asked:{place}", f"i:asked{place}", number),
        )
        product.rows(
            "INSERT INTO surveys_survey (tenant_id, interaction_id, queue_id, agent_id, flow_id, asked_at)"
            " VALUES (%s, %s, 1, 1, 1, %s) RETURNING 1",
            *(tenant, f"asked{place}", AT + timedelta(days=place)),
        )
    try:
        assert await log.last_survey(tenant, mobile) == AT + timedelta(days=1)
        assert await log.last_survey(tenant, office) == AT + timedelta(days=1), "another number of the same customer"
        assert await log.last_survey(tenant, stranger) == AT + timedelta(days=2)
        assert await log.last_survey(tenant, "+8613712340004") is None
        assert await log.last_survey(TENANT, mobile) is None, "another company's"
    finally:
        product.rows("DELETE FROM event_personal WHERE ref LIKE 'asked:%%' RETURNING 1")
        product.rows("DELETE FROM surveys_survey WHERE interaction_id LIKE 'asked%%' RETURNING 1")
