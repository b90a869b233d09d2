"""The cellar: numbers only.

What lives here takes arrays and gives back frozen results. No Django, no clock, no files and no
globals, so every estimator can be read, tested and quoted alone. Every room above may enter.
"""
