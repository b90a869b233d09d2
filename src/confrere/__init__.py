"""confrère: physician peer coaching and a physicians' lounge, with the statistics that show whether they help."""

__version__ = "0.1.0"
