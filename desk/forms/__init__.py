"""What people type at the desk, turned into records; and what is told to them beside the field where it does not hold."""
