"""The front door: settings, root urls, base page, ui parts, css, home pages, demo, operator commands.

Here: what every page shares, and nothing that a room could know itself.
Who may enter: cli only."""
