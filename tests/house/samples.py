"""What stands in an address: one sample for each name, of something that does not exist. Rooms add theirs here."""

NOWHERE = 987_654_321

SAMPLES: dict[str, str | int] = {
    "answer": NOWHERE,
    "booking": NOWHERE,
    "box": "nowhere",
    "claim": NOWHERE,
    "coach": NOWHERE,
    "code": "nobody-was-ever-given-this-one",
    "hours": NOWHERE,
    "item": NOWHERE,
    "kind": "nowhere",
    "name": "nowhere",
    "line": NOWHERE,
    "number": NOWHERE,
    "of": "badge",
    "parcel": "00000000-0000-4000-8000-000000000000",
    "passkey": NOWHERE,
    "person": NOWHERE,
    "post": NOWHERE,
    "programme": "walk",
    "query": NOWHERE,
    "pulse": NOWHERE,
    "question": NOWHERE,
    "slug": "nowhere",
    "specialty": "cardiology",
    "step": "nowhere",
    "state": "nowhere",
    "table": "nowhere",
    "token": "nobody-was-ever-given-this-one",
    "wave": "nowhere",
}
