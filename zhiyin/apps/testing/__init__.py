"""What the apps' tests share: contacts in the log, and an engine that answers as told. Used by tests alone."""
