"""The timeline: everything between a customer and us, from every app that knows something of it."""
