"""What leaves and what comes: outgoing mail through an outbox, jobs, later push, feeds and pictures.

Here: the outbox, its worker and the job decorator. Not here: what a letter says (its room knows).
Who may enter: every room above, through actions, queries, signals and the name jobs."""
