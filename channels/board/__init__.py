"""公告栏: from an edition's words to a sheet of paper that a person puts up."""

from channels.board.outlet import Board

__all__ = ["Board"]
