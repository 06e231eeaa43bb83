"""The annual report: forms as data, checks, one writer a format. Values in, values and bytes out."""
