"""Fields that a company adds to its records without code, and where they stand on the forms."""
