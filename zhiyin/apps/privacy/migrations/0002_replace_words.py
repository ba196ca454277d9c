"""The two functions by which an erasure reaches every table: no single role may write all of them."""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION replace_each(told text, words text[], instead text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        told := replace(told, word, instead);
    END LOOP;
    RETURN told;
END $$;

-- Replaces words wherever they stand in a company's text, arrays of text and JSON: in whichever tables there are by
-- then. Passed over: the log and its projections (references only), the chain and the audit (below), employees, the
-- block list (a number that stays blocked), the erasures themselves. Returns how many rows held one.
CREATE FUNCTION replace_words(company bigint, words text[], instead text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    part record;
    patterns text[];
    in_json text[];
    found bigint;
    total bigint := 0;
BEGIN
    SELECT array_agg(trim(BOTH '"' FROM to_json(w)::text)) INTO in_json FROM unnest(words) w;
    SELECT array_agg('%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%') INTO patterns
    FROM unnest(words || in_json) w;
    FOR part IN
        SELECT c.relname,
               string_agg(
                   CASE WHEN t.typname IN ('text', 'varchar') THEN format('%1$I = replace_each(%1$I, $2, $4)', a.attname)
                        ELSE format('%1$I = replace_each(%1$I::text, $3, $4)::%2$s', a.attname,
                                    format_type(a.atttypid, a.atttypmod)) END, ', ') AS changes,
               string_agg(format('%I::text LIKE ANY ($5)', a.attname), ' OR ') AS held
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND t.typname IN ('text', 'varchar', 'json', 'jsonb', '_text', '_varchar')
          AND EXISTS (SELECT 1 FROM pg_attribute b WHERE b.attrelid = c.oid AND b.attname = 'tenant_id')
          AND c.relname NOT IN ('event_log', 'open_stream', 'agent_checkpoint', 'engine_settings', 'interaction',
                                'segment', 'agent_state_span', 'recording', 'audit_entry', 'audit_seal',
                                'audit_verification', 'customers_listentry', 'privacy_erasure')
          AND c.relname !~ '^(accounts|signin)_'
        GROUP BY c.relname
    LOOP
        EXECUTE format('UPDATE %I SET %s WHERE tenant_id = $1 AND (%s)', part.relname, part.changes, part.held)
        USING company, words, in_json, instead, patterns;
        GET DIAGNOSTICS found = ROW_COUNT;
        total := total + found;
    END LOOP;
    RETURN total;
END $$;
REVOKE ALL ON FUNCTION replace_words(bigint, text[], text) FROM PUBLIC;

-- Takes out of the audit what acts on these subjects ("customer:7") said, and whatever holds one of the words. Returns the
-- entries.
CREATE FUNCTION empty_audit(company bigint, subjects text[], words text[], instead text) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    patterns text[];
    changed bigint[];
    more bigint[];
BEGIN
    SELECT array_agg('%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%') INTO patterns
    FROM (SELECT unnest(words) AS w UNION SELECT trim(BOTH '"' FROM to_json(v)::text) FROM unnest(words) v) each;
    WITH emptied AS (
        UPDATE audit_entry SET before = NULL, after = NULL,
               subject_name = CASE WHEN subject_name = '' THEN '' ELSE instead END
        WHERE tenant_id = company AND subject_kind || ':' || subject_id = ANY (subjects)
          AND (before IS NOT NULL OR after IS NOT NULL OR subject_name NOT IN ('', instead))
        RETURNING id
    ) SELECT array_agg(id) INTO changed FROM emptied;
    WITH emptied AS (
        UPDATE audit_entry SET before = NULL, after = NULL, subject_name = replace_each(subject_name, words, instead)
        WHERE tenant_id = company
          AND (subject_name LIKE ANY (patterns) OR before::text LIKE ANY (patterns) OR after::text LIKE ANY (patterns))
        RETURNING id
    ) SELECT array_agg(id) INTO more FROM emptied;
    RETURN coalesce(changed, '{}') || coalesce(more, '{}');
END $$;
REVOKE ALL ON FUNCTION empty_audit(bigint, text[], text[], text) FROM PUBLIC;
"""
DROP = """
DROP FUNCTION empty_audit(bigint, text[], text[], text);
DROP FUNCTION replace_words(bigint, text[], text);
DROP FUNCTION replace_each(text, text[], text);
"""


class Migration(migrations.Migration):
    dependencies = (("privacy", "0001_initial"), ("audit", "0002_seal"))
    operations = (migrations.RunSQL(CREATE, DROP),)
