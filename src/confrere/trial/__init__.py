"""Who gets what: protocol, recruitment, consent, cap, strata, allocation, delayed arm, withdrawal, data lock.

Here: the trial's rules and its list of events. Not here: answers (surveys), meetings (coaching).
Who may enter: evidence and web, through queries, actions, rules, signals, protocol and consent_texts."""
