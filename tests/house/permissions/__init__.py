"""Who may open what, tried out: every address as every role, with one's own things, others' and another programme's.

The town is the planted one with a second person of each role, and a whole staff of another programme. Nothing here
looks at a view: what is expected follows from the gates, the relations, and the tables in `expected`.
"""
