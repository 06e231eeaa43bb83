"""What each subcommand of `gongkai` does, one file a subcommand. `flows.cli` knows the options, these know the work."""
