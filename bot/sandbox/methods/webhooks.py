"""How updates reach the bot: setting and reading the webhook, logging out.

`getUpdates` waits, and so lives in `telegram.py`; delivery to a webhook is in `webhook.py`.
"""

from typing import Final

from bot.sandbox.errors import fail
from bot.sandbox.state import Json, Webhook
from bot.sandbox.updates import KINDS, ONLY_IF_ASKED
from bot.sandbox.world import World


def set_webhook(world: World, params: Json) -> bool:
    """Deliver updates to an address. Plain http is taken for this machine itself only."""
    url: str = params.get("url", "")
    local = url.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
    if url and not url.startswith("https://") and not local:
        raise fail("webhook-needs-https")
    if params.get("drop_pending_updates"):
        world.updates.waiting.clear()
    world.updates.allow(params.get("allowed_updates"))
    world.webhook = Webhook(
        url=url,
        secret_token=params.get("secret_token"),
        max_connections=params.get("max_connections") or 40,
        ip_address=params.get("ip_address"),
    )
    if url:
        world.updates.end_poll("webhook-set-meanwhile")
        if world.updates.on_new is not None:
            world.updates.on_new()
    return True


def delete_webhook(world: World, params: Json) -> bool:
    """Stop delivering."""
    if params.get("drop_pending_updates"):
        world.updates.waiting.clear()
    world.webhook = Webhook()
    return True


def get_webhook_info(world: World, _params: Json) -> Json:
    """Say how updates are delivered and how many wait."""
    hook = world.webhook
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.ip_address:
        info["ip_address"] = hook.ip_address
    if hook.last_error_date:
        info["last_error_date"] = hook.last_error_date
        info["last_error_message"] = hook.last_error_message
    if world.updates.allowed != KINDS - ONLY_IF_ASKED:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


def log_out(world: World, _params: Json) -> bool:
    """Log out from the cloud server; the sandbox changes nothing by it."""
    world.updates.end_poll()
    return True


METHODS: Final = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": log_out,
    "close": log_out,
}
