"""Tests of flows: a caller's script, one act or expectation a line, run in virtual time by the code of calls. Pure."""
