"""Notes on customers, follow-ups (跟进) with their reminders, and care tasks (关怀任务) made by rule."""
