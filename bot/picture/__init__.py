"""The picture of the weekly summary: seven days by habit, and how the weeks before it went.

Every state has a shape of its own: it can be read without colour.
"""

from bot.picture.painter import DrawingError, Painter
from bot.picture.sheet import Labels, paint

__all__ = ["DrawingError", "Labels", "Painter", "paint"]
