"""The doors of staff: what waits for me, write, review, sign with the real preview, put up and take down. Not built yet."""
