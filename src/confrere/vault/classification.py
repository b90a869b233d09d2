"""The class of every stored field: who sees it and how long it lives.

A field declares its class as its `db_comment`, so that the database itself says what each column holds:

    email = models.EmailField(db_comment=kept.ACCOUNT)

What a class means (door, audience, owner, period, legal basis, end act) stands in `retention.toml` beside this file.
The visibility chip, the disclosure sheet and the retention job all read it from there.
"""

from typing import Final

#: Identity door
ACCOUNT: Final = "account"  # name, address, zone, quiet hours
SIGN_IN: Final = "sign_in"  # codes, passkeys, sessions
MEMBERSHIP: Final = "membership"  # who has which role in which programme
CREDENTIAL: Final = "credential"  # what was verified, when, by what evidence
CONSENT: Final = "consent"  # name, time, meaning, hash of the exact text
LINK: Final = "link"  # person <-> study id, ciphertext and blind index
#: Study door
PLACE: Final = "place"  # held, final, waiting, withdrawn: under the study id
ANSWER: Final = "answer"  # what was answered: under the study id
ALLOCATION: Final = "allocation"  # arm, stratum, counter, nonce: append-only
HELD_SESSION: Final = "held_session"  # "session k happened" and nothing else
FROZEN: Final = "frozen"  # frozen data sets and what was computed from them
#: Operations door
PROGRAMME: Final = "programme"  # names, protocol, texts: open to everyone in the programme
COACH_PAGE: Final = "coach_page"  # biography and hours offered: participants of the programme
BOOKING: Final = "booking"  # who meets whom when: the two people, until the programme ends + 30 days
ENTITLEMENT: Final = "entitlement"  # how many sessions until when: the person and the coordinator
PAY: Final = "pay"  # coach, date, minutes, rate: no participant
LOUNGE: Final = "lounge"  # verified members read it
MAIL: Final = "mail"  # outbox: purged after sending
AUDIT_SEAL: Final = "audit_seal"  # sequence number and digests: never erased
AUDIT_PAYLOAD: Final = "audit_payload"  # actor, action, object, time: erasable by its own class
TECHNICAL: Final = "technical"  # keys, versions, job arguments: nothing about a person
