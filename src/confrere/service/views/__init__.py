"""Pages of this room: preparing and running (the team), joining (strangers), mine (participants), reports."""
