"""``./dev new-app surveys Survey``: a Django app that stands and passes the checks, to be filled with its own business.

It begins with one noun that has a name: table behind row-level security, service with audit, list, HTTP and tests.
What an app does not need yet (events, tasks, admin) is added when its first real line is written.
"""
