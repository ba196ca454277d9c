"""Users, their roles and rights, logging in and out."""
