"""The desk (办公台): the staff's door. Server-rendered Django on the ledger; works without JavaScript, and on a phone."""
