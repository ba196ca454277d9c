"""Files that go out and come in by plan: where to, when, with whose rights, and what came of it."""
