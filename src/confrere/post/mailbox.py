"""Reads the mailbox to which mail servers send their reports: over IMAP with TLS, or from a maildir on this machine."""

import imaplib
import mailbox
import ssl
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from confrere.post.servers import PATIENCE

IMAPS = 993
#: Reports that one round reads; the next one follows within minutes.
MOST_AT_ONCE = 200
#: Octets of one message that are looked at; a longer one is no report that we wait for.
LONGEST = 512 * 1024

#: Looks at one raw message; True when it was understood, and can go.
type Reader = Callable[[bytes], bool]


def read(address: str, *, reader: Reader) -> int:
    """Let `reader` see what is new; how many it understood. These are removed, the others are marked as read and stay.

    address: imaps://user:password@host:993/INBOX or maildir:///folder; ValueError in one sentence for anything else.
    A message is removed after it was understood, so whoever is killed in between sees it again.
    """
    url = urlsplit(address)
    if url.scheme == "maildir" and url.path:
        return _maildir(unquote(url.path), reader)
    if url.scheme != "imaps" or not url.hostname or not url.username:
        raise ValueError("CONFRERE_BOUNCES_URL must read imaps://user:password@host/INBOX or maildir:///folder")
    with imaplib.IMAP4_SSL(
        url.hostname, url.port or IMAPS, ssl_context=ssl.create_default_context(), timeout=PATIENCE
    ) as box:
        box.login(unquote(url.username), unquote(url.password or ""))
        return _imap(box, unquote(url.path.strip("/")) or "INBOX", reader)


def _maildir(folder: str, reader: Reader) -> int:
    box = mailbox.Maildir(folder, create=False)
    understood = 0
    new = [key for key in box.keys() if "S" not in box.get_message(key).get_flags()]  # noqa: SIM118  # not a dict
    for key in sorted(new)[:MOST_AT_ONCE]:
        if reader(box.get_bytes(key)[:LONGEST]):
            box.remove(key)
            understood += 1
        else:
            seen = box.get_message(key)
            seen.set_subdir("cur")
            seen.add_flag("S")
            box[key] = seen
    return understood


def _imap(box: imaplib.IMAP4, folder: str, reader: Reader) -> int:
    kind, _count = box.select(f'"{folder}"')
    if kind != "OK":
        raise imaplib.IMAP4.error(f"There is no folder {folder}.")
    _kind, [found] = box.uid("SEARCH", "UNSEEN")
    understood = 0
    for number in found.split()[:MOST_AT_ONCE]:
        name = number.decode()
        _kind, answer = box.uid("FETCH", name, f"(BODY.PEEK[]<0.{LONGEST}>)")
        raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        done = reader(raw)
        box.uid("STORE", name, "+FLAGS.SILENT", r"(\Seen \Deleted)" if done else r"(\Seen)")
        understood += done
    box.expunge()
    return understood
