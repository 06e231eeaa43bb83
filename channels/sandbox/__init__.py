"""Far sides on this machine that behave as the platforms do: for the demo, the tests and staff in training."""
