"""The desk's views, a file a matter. Each ends with its own list of addresses."""
