"""Fields that a company adds to its records without code: what each may hold, where it stands, how it is found."""
