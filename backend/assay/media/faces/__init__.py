"""Faces in pictures: detector, tracks, persons, crops, mouths."""
