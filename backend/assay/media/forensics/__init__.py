"""What a file tells of its making: packets, edit traces, Content Credentials, motion."""
