"""What must never leak or change: keys, the person-study link, the audit chain, classification and retention.

Here: keys and stores, link, audit, classes, days, erasers, refusals. Not here: who people are, what they answered.
Who may enter: every Django room, by audit, classification, days, erasers, keys, link, origin and refusals."""
