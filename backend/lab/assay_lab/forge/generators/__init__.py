"""Small generators that paint a picture anew, trained here."""
