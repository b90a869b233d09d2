"""The process that runs deferred verbs: `python -m confrere.post.worker`, until SIGTERM.

Killed at any moment, it loses nothing: what it held is put back when the next one starts, or within a minute.
"""

import django
from procrastinate.contrib.django import app


def run(*, wait: bool = True) -> None:
    """Work until a signal asks to stop; with `wait=False` until the queue is empty."""
    from confrere.post.actions import sweep

    sweep.defer()
    with app.replace_connector(app.connector.get_worker_connector()) as own:  # type: ignore[attr-defined]  # Django's has it
        own.run_worker(
            wait=wait,
            install_signal_handlers=wait,
            delete_jobs="successful",
            shutdown_graceful_timeout=20,
        )


if __name__ == "__main__":  # pragma: no cover  # run as a process of its own by tests/post/test_worker.py
    django.setup()
    run()
