"""The one address and product of each customer become the first of its lists; all are found by their search entries."""

from django.db import migrations

from zhiyin.apps.customers.places import place_of
from zhiyin.apps.customers.search_keys import Findable, words_of

#: Row-level security lets no index be used by a condition that could leak what it reads, and a text search is one.
#: This function reads past it and gives the ids of the asker's company alone; the rows themselves stay behind the wall.
FIND = """
CREATE FUNCTION find_customers(wanted tsquery) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 200 AS $$
    SELECT customer_id FROM customers_searchentry
    WHERE keys @@ wanted AND tenant_id = nullif(current_setting('app.tenant', true), '')::bigint
$$;
REVOKE ALL ON FUNCTION find_customers(tsquery) FROM PUBLIC;
"""
MANY = """
INSERT INTO customers_customeraddress (tenant_id, customer_id, use, province, city, district, line, postcode, position)
SELECT tenant_id, id, 'other', '', '', '', address, '', 0 FROM customers_customer WHERE address <> '';

INSERT INTO customers_ownedproduct (tenant_id, customer_id, name, serial, purchased_on, note)
SELECT tenant_id, id, product, '', purchased_on, '' FROM customers_customer
WHERE product <> '' OR purchased_on IS NOT NULL;
"""
ONE = """
UPDATE customers_customer c SET address = left(a.province || a.city || a.district || a.line, 300)
FROM customers_customeraddress a
WHERE a.id = (SELECT id FROM customers_customeraddress f WHERE f.customer_id = c.id ORDER BY position, id LIMIT 1);

UPDATE customers_customer c SET product = p.name, purchased_on = p.purchased_on
FROM customers_ownedproduct p
WHERE p.id = (SELECT min(id) FROM customers_ownedproduct f WHERE f.customer_id = c.id);
"""
_WRITE = """
INSERT INTO customers_searchentry (customer_id, tenant_id, keys)
SELECT customer_id, tenant_id, array_to_tsvector(string_to_array(words, E'\\n'))
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (customer_id, tenant_id, words)
"""
_AT_ONCE = 2_000


def find_all(apps, schema_editor):
    """Write the search entries, and what each number tells of its use."""
    customers = apps.get_model("customers", "Customer")
    numbers = apps.get_model("customers", "CustomerNumber")
    last = 0
    while rows := list(customers.objects.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = rows[-1].pk
        of = {}
        for number in numbers.objects.filter(customer_id__in=[row.pk for row in rows]):
            of.setdefault(number.customer_id, []).append((number.number, number.digits))
            if place_of(number.number).kind == "mobile":
                number.use = "mobile"
                number.save(update_fields=["use"])
        words = [
            "\n".join(
                words_of(
                    Findable(row.name, row.company, row.pinyin, tuple(of.get(row.pk, ()))), tenant_id=row.tenant_id
                )
            )
            for row in rows
        ]
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_WRITE, [[row.pk for row in rows], [row.tenant_id for row in rows], words])


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_people_and_companies")]

    operations = [
        migrations.RunSQL(MANY, ONE),
        migrations.RunPython(find_all, migrations.RunPython.noop),
        migrations.RunSQL(FIND, "DROP FUNCTION find_customers(tsquery)"),
    ]
