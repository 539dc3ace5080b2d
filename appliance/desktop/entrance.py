"""How the person at the window comes in: they own the machine, so they own the appliance."""

from __future__ import annotations

from urllib.parse import quote

from appliance.base.settings import Settings


def entrance(settings: Settings) -> str:
    """The path that opens the console signed in, once; or the set-up, with its code.

    The code is in the fragment, which no server and no log ever sees.
    """
    # Loaded while the server starts, not before the window is there.
    from appliance.people import codes
    from appliance.people.codes import WrongCode
    from appliance.store.database import database
    from appliance.store.opening import open_store

    open_store(settings.data_dir, settings.key_file)
    try:
        return f"/desktop?ticket={quote(codes.window_ticket())}"
    except WrongCode:
        return f"/#code={quote(codes.new_code())}"
    finally:
        database.close()
