"""A new installation's tables are made by a short cut; they are the tables that the migrations make."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

from zhiyin.apps.conftest import Database, environ_of

EVERYTHING = """
SELECT 'column', table_name, column_name, concat_ws(' ', ordinal_position, data_type, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'policy', tablename, policyname, concat_ws(' ', roles, cmd, qual, with_check) FROM pg_policies
UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
  FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2, 3, 4
"""
PROGRAM = """
from zhiyin.config import fresh_schema
from zhiyin.config.environment import Environment
from zhiyin.config.prepare import run
fresh_schema.is_fresh = lambda: False
run(Environment.from_environ(), demo=False, demo_password=None)
"""


def test_the_short_cut_makes_the_tables_that_the_migrations_make(database: Database) -> None:
    urls = [url.replace("/zhiyin?", "/step_by_step?") for url in (database.owner, database.engine, database.web)]
    with psycopg.connect(database.owner.replace("owner@", "postgres@"), autocommit=True) as server:
        server.execute("CREATE DATABASE step_by_step OWNER owner")
    run = database.data.parent / "run"
    environ = dict(os.environ) | environ_of(database.data, run, *urls)
    subprocess.run([sys.executable, "-c", PROGRAM], env=environ, check=True)
    with psycopg.connect(urls[0]) as step_by_step, psycopg.connect(database.owner) as short_cut:
        wanted, found = (set(each.execute(EVERYTHING).fetchall()) for each in (step_by_step, short_cut))
    assert len(wanted) > 2000
    assert found == wanted
