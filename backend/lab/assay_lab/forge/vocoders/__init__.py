"""Small vocoders that say speech anew, trained here."""
