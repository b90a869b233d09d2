"""What we learnt: frozen data sets, reports, leadership releases, evidence library, exports.

Here: immutable hashed data sets and the results computed from them. Not here: live filters.
Who may enter: web only."""
