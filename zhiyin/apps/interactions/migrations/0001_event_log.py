"""The event log and the engine's own tables, as docs/guide/boundaries.md has them."""

from django.db import migrations

CREATE = """
CREATE SEQUENCE event_log_position;

CREATE TABLE event_log (
    tenant_id    bigint NOT NULL,
    stream       text NOT NULL,
    epoch        int NOT NULL,
    seq          int NOT NULL,
    stream_month date NOT NULL,
    position     bigint NOT NULL DEFAULT nextval('event_log_position'),
    txid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    number       bigint NOT NULL DEFAULT 0,
    at           timestamptz NOT NULL,
    type         text NOT NULL,
    version      smallint NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (tenant_id, stream, epoch, seq, stream_month)
) PARTITION BY RANGE (stream_month);
CREATE TABLE event_log_default PARTITION OF event_log DEFAULT;
CREATE INDEX event_log_cursor ON event_log (txid, position);
CREATE INDEX event_log_at ON event_log (tenant_id, at);

CREATE TABLE event_personal (
    tenant_id bigint NOT NULL,
    ref       text NOT NULL,
    subject   text NOT NULL,
    kind      text NOT NULL,
    value     text NOT NULL,
    PRIMARY KEY (tenant_id, ref)
);
CREATE INDEX event_personal_subject ON event_personal (tenant_id, subject);
CREATE INDEX event_personal_number ON event_personal (tenant_id, value) WHERE kind = 'number';

CREATE TABLE open_stream (
    tenant_id    bigint NOT NULL,
    stream       text NOT NULL,
    stream_month date NOT NULL,
    opened_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, stream)
);

CREATE TABLE agent_checkpoint (
    tenant_id bigint NOT NULL,
    agent     bigint NOT NULL,
    stream    text NOT NULL,
    epoch     int NOT NULL,
    seq       int NOT NULL,
    at        timestamptz NOT NULL,
    body      jsonb NOT NULL,
    PRIMARY KEY (tenant_id, agent)
);

CREATE TABLE engine_lease (
    id       int PRIMARY KEY CHECK (id = 1),
    epoch    int NOT NULL,
    holder   text NOT NULL,
    taken_at timestamptz NOT NULL
);

CREATE TABLE projection_cursor (
    name     text PRIMARY KEY,
    txid     xid8 NOT NULL,
    position bigint NOT NULL
);

-- Months are made ahead by a scheduled job, which has no right to make tables of its own.
CREATE FUNCTION make_event_log_month(month date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    name  text := 'event_log_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL OR EXISTS (SELECT 1 FROM event_log_default WHERE stream_month = first) THEN
        RETURN false;  -- it stands, or its first events already lie in the default partition
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)',
                   name, first, (first + interval '1 month')::date);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY whole_house ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION make_event_log_month(date) FROM PUBLIC;
"""

DROP = """
DROP FUNCTION make_event_log_month(date);
DROP TABLE event_log, event_personal, open_stream, agent_checkpoint, engine_lease, projection_cursor;
DROP SEQUENCE event_log_position;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = (("tenancy", "0002_engine_settings"),)
    operations = (migrations.RunSQL(CREATE, DROP),)
