"""The pages of the bot's private chat: what somebody reads, drawn when it is shown.

A page reads our own tables and, where it must, Telegram; it decides nothing and changes nothing,
but for the two that hand out what cannot be kept in an outbox (codes on paper) or carry out what a
person has confirmed (a roster). Whether somebody may see it is judged by ``bot.policy.pages``.
"""

from bot.pages.drawing import Pages
from bot.pages.page import Attachment, Button, Desk, Draws, Rendered, Request

__all__ = ("Attachment", "Button", "Desk", "Draws", "Pages", "Rendered", "Request")
