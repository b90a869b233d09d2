"""The simulated programme: everyone and everything in it is made up, and every page says so.

Here: simulated people, what they answer, and the story that calls the rooms' real actions under an injected clock.
Not here: any way to insert rows behind the rules. Imported in demo mode only.
"""
