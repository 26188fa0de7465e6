"""What somebody can do to media who knows the networks and does not want to be found out."""
