"""The entry of the `rasid` command: Ctrl-C while it is still loading ends it quietly."""

from __future__ import annotations

import signal


def main() -> None:
    """Load the commands, and run the one that was given."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from services.cli.main import app

    signal.signal(signal.SIGINT, signal.default_int_handler)
    app()


if __name__ == "__main__":
    main()
