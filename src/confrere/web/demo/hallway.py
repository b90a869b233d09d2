"""What simulated physicians ask each other in the lounge. Written for the demo; it is no medical advice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    source: str = ""
    helped: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A question, hours before the story's end, and what was answered."""

    specialty: str
    hours_ago: int
    title: str
    text: str
    replies: tuple[Reply, ...] = ()


TALKS = (
    Talk(
        "cardiology",
        3,
        "Stopping a beta blocker years after an uncomplicated infarction?",
        "Preserved ejection fraction, no angina, and tired. How do you *taper*, and whom would you leave on it?",
    ),
    Talk(
        "cardiology",
        50,
        "Who reads your overnight telemetry calls?",
        "We get a page for every artefact. Has anyone moved the first look to a central desk? How were nights after?",
        (
            Reply(
                "We did. Pages at night fell by more than half; the first month needed a colleague for doubts.",
                helped=True,
            ),
            Reply("Agree on what is *never* filtered before you start. Three lines on a card were enough for us."),
        ),
    ),
    Talk(
        "internal-medicine",
        8,
        "A template for discharge letters that colleagues really read?",
        "Ours are six pages. What stands in the first five lines of yours?",
        (Reply("1. Why they came. 2. What changed in the drugs. 3. What *you* must do, by when."),),
    ),
    Talk(
        "internal-medicine",
        30,
        "How do you protect one hour a week for thinking?",
        "Every block in my calendar gets eaten. What has held in your department?",
    ),
    Talk(
        "pediatrics",
        20,
        "Talking with parents who read everything online",
        "What first sentence keeps the door open?",
        (
            Reply(
                '"Show me what worries you most" – and then I read it with them. Two minutes; saves ten.',
                helped=True,
            ),
        ),
    ),
    Talk(
        "anesthesiology",
        26,
        "Handover at the change of shift: checklist or conversation?",
        "| way | what we lost |\n|-|-|\n| checklist | the odd thing |\n| talk | the dull thing |\n\nWho does both?",
        (Reply("Checklist first, in silence; then one question: *what would surprise me?*"),),
    ),
    Talk(
        "psychiatry", 14, "Supervision across sites: what works by video?", "Groups of four fall silent. Pairs do not."
    ),
    Talk(
        "emergency-medicine",
        5,
        "First shift after a bad night: what do you change?",
        "I notice that I order more tests the day after. Do you plan for it?",
        (Reply("I tell the charge nurse, and I take the fast track for the first two hours."),),
    ),
)
