"""What the costumes and head props in themes/ are made with."""
