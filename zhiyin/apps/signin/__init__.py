"""How people come in beside the password: second factor, single sign-on, and what a company demands of it."""
