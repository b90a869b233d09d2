"""Pages of this room: joining (strangers), mine (participants), team (director and coordinators)."""
