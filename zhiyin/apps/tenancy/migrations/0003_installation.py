"""What this installation remembers of itself, and the removal of the demo company in one action."""

from django.db import migrations

CREATE = """
CREATE TABLE installation (
    name  text PRIMARY KEY,
    value text NOT NULL
);

-- Removes every row of a demo company, from whichever tables there are by then. No other company can be removed so.
CREATE FUNCTION remove_demo_company(company bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    part record;
BEGIN
    PERFORM 1 FROM tenancy_tenant WHERE id = company AND is_demo FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SET CONSTRAINTS ALL DEFERRED;
    FOR part IN
        SELECT c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    LOOP
        EXECUTE format('DELETE FROM %I WHERE tenant_id = $1', part.relname) USING company;
    END LOOP;
    DELETE FROM tenancy_tenant WHERE id = company;
    INSERT INTO installation (name, value) VALUES ('demo', 'removed')
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    PERFORM pg_notify('zhiyin_settings', company::text);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION remove_demo_company(bigint) FROM PUBLIC;
"""
DROP = "DROP FUNCTION remove_demo_company(bigint); DROP TABLE installation;"


class Migration(migrations.Migration):
    dependencies = (("tenancy", "0002_engine_settings"),)
    operations = (migrations.RunSQL(CREATE, DROP),)
