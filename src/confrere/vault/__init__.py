"""What must never leak or change: keys, the person-study link, the audit chain, classification and retention.

Here: keys and their stores, link, audit, classification, days, refusals. Not here: who people are, what they answered.
Who may enter: every Django room, through the names audit, classification, days, keys, link, origin, refusals."""
