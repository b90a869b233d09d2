"""The meeting: coach page, hours offered, entitlement, booking, session held.

Here: when two people meet. Not here, anywhere: what they said. Works without a trial.
Who may enter: trial, lounge's neighbours never; through queries, actions, rules and signals."""
