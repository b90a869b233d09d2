"""Files that leave: a member's own bundle, and a specialty's answered questions. Nothing is read or written here."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from confrere.lounge import guard
from confrere.lounge.models import Post, Question

#: Files in a bundle bear this time, so that the same content gives the same bytes.
_STAMP = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """One post as it leaves. author: empty in a knowledge base, which names nobody."""

    kind: str
    html: str
    text: str
    source: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A question as it leaves; held: what kinds of possible identifiers kept its words back (empty: none did)."""

    number: int
    title: str
    posts: Sequence[Told]
    held: Sequence[str] = ()


def thread_of(question: Question, posts: Sequence[Post]) -> Thread:
    """A question as a knowledge base tells it: what was written and on what it rests, and nobody's name."""
    told = [Told(post.kind, post.html, post.text, post.source) for post in posts]
    helps = [Told("case", "", text, "") for text in (question.setting, question.course, question.tried) if text]
    return Thread(question.pk, question.title, [*told[:1], *helps, *told[1:]])


def checked(thread: Thread) -> Thread:
    """The same thread, or, where anything in it may point at a patient, only its number and the kinds found.

    Checked again at the door: a text may have been marked by its author, or written before a rule was.
    """
    kinds = {one.span.kind for one in guard.findings({"title": thread.title})}
    for post in thread.posts:
        kinds |= {one.span.kind for one in guard.findings({"text": post.text, "source": post.source})}
    return Thread(thread.number, "", (), sorted(kinds)) if kinds else thread


def bundle(*, content: Mapping[str, object], page: str, title: str, told_at: datetime) -> bytes:
    """A zip of the same content twice: `content.json` for programs, and `content.html` for people.

    page: the template of the HTML file. It loads nothing from anywhere.
    """
    whole = {"title": title, "told_at": told_at.isoformat(), **content}
    texts = {
        "content.json": json.dumps(whole, ensure_ascii=False, indent=1, default=str),
        "content.html": render_to_string(page, whole),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def rows(threads: Iterable[Thread]) -> list[dict[str, object]]:
    """Threads as plain values for JSON and templates."""
    return [
        {
            "number": one.number,
            "title": one.title,
            "held": list(one.held),
            "posts": [
                {"kind": post.kind, "author": post.author, "text": post.text, "html": post.html, "source": post.source}
                for post in one.posts
            ],
        }
        for one in threads
    ]
