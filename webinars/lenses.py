"""The list of a room through a lens: another order, or only some of it. Addresses say which; pages follow by key."""

from dataclasses import asdict, dataclass
from typing import Final, Self
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from accounts import languages
from knowledge.models import SearchEntry, Term
from webinars.fair import fair_in
from webinars.live.changes import WINDOW
from webinars.models import Floor, Participant, Question, Rendition, Webinar
from webinars.models.questions import QuestionQuerySet

SORTS: Final = ("wanted", "newest", "fair")
ONLY: Final = ("unanswered", "answered", "mine")


@dataclass(frozen=True, slots=True)
class Lens:
    """What somebody wants to see of the list. Everything empty and `wanted`: the list as it is live.

    `to`: the id of a speaker, or a country. `country`: of the asker. `language`: in which it was asked, or can be read.
    `topic`: a term the words name.
    """

    sort: str = "wanted"
    only: str = ""
    to: str = ""
    country: str = ""
    language: str = ""
    topic: str = ""

    @classmethod
    def of(cls, sent: QueryDict) -> Self:
        """From an address. What is none of ours is left out: any address is a lens, none an error."""
        sort, only, to = sent.get("sort", ""), sent.get("only", ""), sent.get("to", "")
        country, language, topic = sent.get("country", ""), sent.get("language", ""), sent.get("topic", "")
        return cls(
            sort=sort if sort in SORTS else "wanted",
            only=only if only in ONLY else "",
            to=to if _is_country(to) or (to.isascii() and to.isdigit() and len(to) < 19) else "",
            country=country if _is_country(country) else "",
            language=language if len(language) <= 16 and languages.valid(language) else "",
            topic=topic if len(topic) <= 100 and "\x00" not in topic else "",
        )

    @property
    def is_plain(self) -> bool:
        return self == type(self)()

    @property
    def narrows(self) -> bool:
        return any((self.only, self.to, self.country, self.language, self.topic))

    @property
    def query(self) -> str:
        """As an address says it, without what is as always: "sort=newest&country=MN"."""
        plain = asdict(type(self)())
        return urlencode({name: value for name, value in asdict(self).items() if value != plain[name]})


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the questions, in the lens's order, and the one the next page follows."""

    questions: list[Question]
    after: int | None


def page_of(webinar: Webinar, lens: Lens, person: Participant | None, after: Question | None) -> Page:
    """The questions behind `after`. As many queries, and rows read, in a room of 10,000 as in one of 50."""
    found = through(lens, webinar, person)
    if lens.sort == "fair":
        ids = _fair(webinar, lens, found, after)[: WINDOW + 1]
        rows = {question.pk: question for question in found.filter(pk__in=ids).order_by().with_all()}
        questions = [rows[pk] for pk in ids if pk in rows]
    else:
        questions = list(_behind(found, lens, after).with_all()[: WINDOW + 1])
    more = len(questions) > WINDOW
    return Page(questions[:WINDOW], questions[WINDOW - 1].pk if more else None)


def order_of(webinar: Webinar, lens: Lens, person: Participant | None, most: int) -> list[int]:
    """The ids alone, for a page that has the rows."""
    found = through(lens, webinar, person)
    if lens.sort == "fair":
        return _fair(webinar, lens, found, None)[:most]
    return list(found.values_list("pk", flat=True)[:most])


def through(lens: Lens, webinar: Webinar, person: Participant | None) -> QuestionQuerySet:
    """The published questions the lens shows, in its order (but the fair one, which is not the database's).

    The plain list is the one everybody has: what is on the floor and next stands above it. A lens shows all there is.
    """
    here = Question.objects.filter(webinar=webinar)
    if lens.is_plain:
        return here.listed()
    found = here.published()
    if lens.only == "unanswered":
        found = found.exclude(floor=Floor.DONE)
    elif lens.only == "answered":
        found = found.filter(floor=Floor.DONE)
    elif lens.only == "mine":
        merged = here.merged().filter(participant=person)
        own = Q(participant=person) | Q(pk__in=merged.values("into"))
        found = found.filter(own) if person else found.none()
    if lens.to.isdigit():
        found = found.filter(addressed_to=int(lens.to))
    elif lens.to:
        found = found.filter(Q(addressed_to__country=lens.to) | Q(addressed_country=lens.to))
    if lens.country:  # who asked for somebody else is not from where that one is
        found = found.filter(participant__country=lens.country, came_by="", on_behalf_of="")
    if lens.language:
        made = Rendition.objects.filter(_in(lens.language), question=OuterRef("pk"), answer=None, waits=False)
        found = found.filter(_in(lens.language) | Exists(made.written()))
    if lens.topic:
        named = SearchEntry.objects.filter(content_type="question", topics__contains=f" {lens.topic} ")
        found = found.filter(pk__in=named.values("object_id"))
    if lens.sort == "newest":
        return found.order_by("-published_at", "-id")
    return found.order_by("-votes", "published_at", "id")


def _in(language: str) -> Q:
    """In the language, of whatever region or script."""
    return Q(language=language) | Q(language__startswith=f"{language}-")


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in this room."""

    speakers: list[Participant]
    asked_countries: list[str]  # those of the speakers, and those that were asked without a name
    countries: list[str]
    languages: list[str]
    topics: list[Term]


def choices_in(webinar: Webinar) -> Choices:
    here = Question.objects.filter(webinar=webinar).published().order_by()
    asked_themselves = here.filter(came_by="", on_behalf_of="").exclude(participant__country="")
    named = SearchEntry.objects.filter(content_type="question", object_id__in=here.values("pk")).exclude(
        topics=""
    )
    slugs = {slug for topics in named.values_list("topics", flat=True).distinct() for slug in topics.split()}
    speakers = list(Participant.objects.present().filter(webinar=webinar).with_role("speaker").order_by("pk"))
    asked = {*here.values_list("addressed_country", flat=True).distinct(), *(one.country for one in speakers)}
    made = Rendition.objects.filter(question__in=here.values("pk"), answer=None, waits=False).written()
    spoken = here.values_list("language", flat=True).union(made.values_list("language", flat=True))
    return Choices(
        speakers=speakers,
        asked_countries=sorted(asked - {""}),
        countries=sorted(asked_themselves.values_list("participant__country", flat=True).distinct()),
        languages=sorted(set(spoken)),
        topics=list(Term.objects.filter(slug__in=slugs)) if slugs else [],
    )


def _behind(found: QuestionQuerySet, lens: Lens, last: Question | None) -> QuestionQuerySet:
    """The keyset: what comes after the last one shown, whatever was published or voted for meanwhile."""
    if last is None:
        return found
    at = last.published_at
    if lens.sort == "newest":
        return found.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=last.pk))
    same = Q(votes=last.votes)
    older = Q(published_at__gt=at) | Q(published_at=at, pk__gt=last.pk)
    return found.filter(Q(votes__lt=last.votes) | same & older)


def _fair(webinar: Webinar, lens: Lens, found: QuestionQuerySet, last: Question | None) -> list[int]:
    order = fair_in(webinar).order
    if last is not None:
        order = order[order.index(last.pk) + 1 :] if last.pk in order else []
    if not lens.narrows:
        return order
    shown = set(found.order_by().values_list("pk", flat=True))
    return [pk for pk in order if pk in shown]


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()
