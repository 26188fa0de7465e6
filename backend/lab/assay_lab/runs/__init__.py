"""What trainers wrote down while they ran."""
