"""Sheets of paper: from an edition's words to a PDF that hangs on a wall. Used by the board alone."""
