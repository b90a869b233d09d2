"""Official registers as files: what a number must look like, whose name it is, what a row of each file says.

Here: pure reading, a row at a time. Not here: the database (`people.actions.registers` imports what is read here)."""
