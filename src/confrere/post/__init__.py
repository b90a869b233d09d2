"""What leaves and what comes: outgoing mail through an outbox, jobs, push without content, calls to others' servers.

Here: the outbox, its worker and the job decorator, the one way out over https (`outside`) and knocks
(`push`). Not here: what a letter says (its room knows).
Who may enter: every room above, through actions, queries, signals and the names ics, jobs, outside, push, servers."""
