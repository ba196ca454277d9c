"""Who attacks: rules for telling an attack from a mistake, and for how long its source is refused."""
