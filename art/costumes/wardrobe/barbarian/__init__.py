"""The costumes and props of the theme barbarian."""
