"""What leaves and what comes: outgoing mail through an outbox, jobs, push without content, calls to others' servers.

Here: the outbox, its worker and the job decorator, the one way out over https (`outside`), knocks (`push`), files
fetched (`fetching`), others' calendars read (`calendars`), uploaded pictures drawn anew (`pictures`). Not here: what
a letter says (its room knows).
Who may enter: every room above, through actions, queries, signals and the names calendars, fetching, ics, jobs,
outside, pictures, push, servers."""
