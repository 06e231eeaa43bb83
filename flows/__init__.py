"""The doors of schedulers and operators: Prefect flows, the plain functions within them, the `gongkai` command."""
