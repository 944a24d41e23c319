"""The costumes and head props: one file each, named like their folder in themes/."""
