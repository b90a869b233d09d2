"""What is asked: questionnaires, text packs, waves, invitations, answers and scores.

Here: answers under a study id. Not here: who gave them (vault's link), what they prove (evidence).
Who may enter: trial, evidence and web, through queries, actions, rules, signals and definition."""
