"""Help at the desk: checklists for a conversation, what to offer a customer, quick replies, each user's own desk."""
