"""Who may enter: people, their passwords and codes, and the keys of programs."""
