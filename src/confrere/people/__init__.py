"""Who: accounts, programmes and sites, roles, sign-in, specialties, credentials, time zone and quiet hours.

Here: everything that says who someone is and what they may open. Not here: anything they answered or booked.
Who may enter: every room above, through queries, actions, rules and signals."""
