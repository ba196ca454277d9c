"""How a call is led: each input is decided on into events (what happened) and effects (what must be done)."""
