"""VIP, block and do-not-call list: who stands on them, who put them there, and what the engine knows of it."""
