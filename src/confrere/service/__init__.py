"""Coaching as a service, without a trial: who may have it when, what it changed, what a year of it was.

Here: intakes, places, waiting list, lottery, the yearly report. Not here: meetings (coaching), answers (surveys).
Who may enter: evidence and web, through queries, actions and rules."""
