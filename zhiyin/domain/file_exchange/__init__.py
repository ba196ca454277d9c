"""When files are exchanged by plan, of which time, and what they are called."""
