"""Is this face a photograph of a person, or drawn, painted, carved or worn?"""
