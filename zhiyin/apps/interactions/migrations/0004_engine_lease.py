"""The engine's lease is renewed while it is held, and a write says in whose term it is made."""

from django.db import migrations

CREATE = """
ALTER TABLE engine_lease ADD COLUMN renewed_at timestamptz NOT NULL DEFAULT now();

-- Called in every transaction of the engine. The lock is the taker's: it waits for writes that have begun. A null term
-- is that of a program which is no engine. The lease is read after the lock was waited for: each statement in here has a
-- snapshot of its own.
CREATE FUNCTION hold_engine_lease(term int) RETURNS boolean LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(20250, 2);
    IF term IS NOT NULL AND (SELECT epoch FROM engine_lease) IS DISTINCT FROM term THEN
        RAISE EXCEPTION 'term % is over', term USING ERRCODE = 'ZY001';
    END IF;
    RETURN true;
END $$;
"""
DROP = """
DROP FUNCTION hold_engine_lease(int);
ALTER TABLE engine_lease DROP COLUMN renewed_at;
"""


class Migration(migrations.Migration):
    dependencies = (("interactions", "0003_several_parties"),)
    operations = (migrations.RunSQL(CREATE, DROP),)
