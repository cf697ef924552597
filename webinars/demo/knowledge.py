"""Publishes the demo's lessons through the knowledge base's own actions, with their sources and terms."""

from accounts.models import User
from accounts.names import Names
from accounts.writing import writing
from knowledge.actions import Details, Text, add_edition, add_source, create_guide, publish_revision
from knowledge.models import Draft, Edition, Guide, Source, Term
from webinars.demo import shapes
from webinars.demo.lessons import link


def publish_lessons(demo: shapes.Demo, *, author: User) -> dict[str, Guide]:
    """Every lesson in every language, by its key. A lesson that is published already stays as it is."""
    _sources(demo)
    terms = _terms(demo)
    guides: dict[str, Guide] = {}
    drafts: dict[tuple[str, str], Draft] = {}
    there = _there(author)
    # First all of them as drafts: they lead to each other, by addresses they have only then.
    for key, lesson in demo.lessons.items():
        original = lesson.editions[lesson.original]
        guide = there.get(original.title)
        if guide is None:
            draft = create_guide(
                author, language=lesson.original, text=_text(original), details=_details(lesson, terms)
            )
            guide = draft.edition.guide
        guides[key] = guide
        for language, edition in lesson.editions.items():
            if not Edition.objects.filter(guide=guide, language=language, live__isnull=False).exists():
                drafts[key, language] = add_edition(guide, author, language=language, text=_text(edition))
    for key, lesson in demo.lessons.items():
        for language in sorted(lesson.editions, key=lambda code: code != lesson.original):
            if (key, language) in drafts:
                _publish(drafts[key, language], lesson, guides, author, terms)
    return guides


def _publish(
    draft: Draft, lesson: shapes.Lesson, guides: dict[str, Guide], author: User, terms: dict[str, Names]
) -> None:
    language = draft.edition.language
    said = lesson.editions[language]
    text = Text(said.title, said.summary, link(said.body, _addresses(guides, language)))
    first = Edition.objects.filter(guide=draft.edition.guide_id, language=lesson.original).first()
    is_original = language == lesson.original
    publish_revision(
        draft.edition, author, text, base=None,
        details=_details(lesson, terms) if is_original else None,
        based_on=first.live if first and not is_original else None,
    )  # fmt: skip


def _addresses(guides: dict[str, Guide], language: str) -> dict[str, str]:
    """Where each lesson is read in this language, or in its original where it does not speak it."""
    found = {}
    for key, guide in guides.items():
        editions = {edition.language: edition for edition in guide.editions.all()}
        edition = editions.get(language) or editions[guide.source_language]
        found[key] = f"/{language}/knowledge/{guide.pk}-{edition.slug}/"
    return found


def _there(author: User) -> dict[str, Guide]:
    """The author's guides by the titles of their original editions, published or drafted."""
    found: dict[str, Guide] = {}
    for guide in Guide.objects.filter(owner=author).prefetch_related("editions__live", "editions__drafts"):
        for edition in guide.editions.all():
            if edition.language == guide.source_language:
                titles = [edition.live.title] if edition.live else []
                titles += [draft.title for draft in edition.drafts.all()]
                found.update(dict.fromkeys(titles, guide))
    return found


def _text(edition: shapes.Edition) -> Text:
    return Text(edition.title, edition.summary, edition.body)


def _details(lesson: shapes.Lesson, terms: dict[str, Names]) -> Details:
    def called(slugs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(terms[slug]) for slug in slugs)

    return Details(
        countries=(lesson.country,),
        period_from=lesson.period_from,
        period_to=lesson.period_to,
        topics=called(lesson.topics),
        target_groups=called(lesson.target_groups),
        partners=called(lesson.partners),
        sources=lesson.sources,
    )


def _sources(demo: shapes.Demo) -> None:
    there = set(Source.objects.values_list("key", flat=True))
    with writing():  # 78 of them: one commit
        for one in demo.sources.values():
            if one.key not in there:
                add_source(
                    one.key, title=one.title.text, publisher=one.publisher, url=one.url, year=one.year,
                    kind=Source.Kind.PAGE, language=one.title.lang,
                )  # fmt: skip


def _terms(demo: shapes.Demo) -> dict[str, Names]:
    """Terms named in every language; lessons then find them by any of the names."""
    called = {slug: Names(term.names.original, dict(term.names.texts)) for slug, term in demo.terms.items()}
    there = set(Term.objects.values_list("kind", "name"))
    with writing():
        for slug, term in demo.terms.items():
            if (term.kind, str(called[slug])) not in there:
                Term.objects.create(kind=term.kind, slug=slug, name=str(called[slug]), names=called[slug])
    return called
