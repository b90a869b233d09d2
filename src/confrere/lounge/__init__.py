"""The club: questions and cases, answers, search, moderation, invitations to answer.

Here: what verified physicians ask each other. Nothing here points at coaching, surveys, trial or evidence.
Who may enter: web only."""
