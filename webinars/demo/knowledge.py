"""Publishes the demo's guides through the knowledge base's own actions, with their sources and terms."""

from accounts.models import User
from accounts.names import Names
from accounts.writing import writing
from knowledge.actions import Details, Text, add_edition, add_source, create_guide, publish_revision
from knowledge.models import Draft, Edition, Guide, Source, Term
from webinars.demo import shapes
from webinars.demo.guides import link


def publish_guides(demo: shapes.Demo, *, author: User) -> dict[str, Guide]:
    """Every guide in every language, by its key. One that is published already stays as it is."""
    _sources(demo)
    terms = _terms(demo)
    guides, drafts = _drafts(demo, author, terms)
    addresses = _addresses(guides, {language for _, language in drafts})
    for key in sorted(demo.guides, key=lambda key: _newness(demo.guides[key]), reverse=True):
        one = demo.guides[key]
        for language in sorted(one.editions, key=lambda code: code != one.original):
            if (key, language) in drafts:
                _publish(drafts[key, language], one, addresses[language], author, terms)
    return guides


def _drafts(
    demo: shapes.Demo, author: User, terms: dict[str, Names]
) -> tuple[dict[str, Guide], dict[tuple[str, str], Draft]]:
    """All guides, and drafts of what is not published yet: they lead to each other, by addresses they have only
    once they are there."""
    guides: dict[str, Guide] = {}
    drafts: dict[tuple[str, str], Draft] = {}
    with writing():  # one commit for seventy drafts
        there = _there(author)
        for key, one in demo.guides.items():
            original = one.editions[one.original]
            guide = there.get(original.title)
            if guide is None:
                draft = create_guide(
                    author, kind=one.kind, language=one.original, text=_text(original),
                    details=_details(one, terms),
                )  # fmt: skip
                guide = draft.edition.guide
            guides[key] = guide
            for language, edition in one.editions.items():
                if not Edition.objects.filter(guide=guide, language=language, live__isnull=False).exists():
                    drafts[key, language] = add_edition(guide, author, language=language, text=_text(edition))
    return guides, drafts


def _newness(one: shapes.Guide) -> tuple[bool, int, str]:
    """Lists begin with the newest, so lessons come last, and of those the ones in most languages: every reader
    finds something at the top that they can read."""
    return one.kind != "lesson", -len(one.editions), one.key


def _publish(
    draft: Draft, one: shapes.Guide, addresses: dict[str, str], author: User, terms: dict[str, Names]
) -> None:
    language = draft.edition.language
    said = one.editions[language]
    text = Text(said.title, said.summary, link(said.body, addresses))
    first = Edition.objects.filter(guide=draft.edition.guide_id, language=one.original).first()
    is_original = language == one.original
    publish_revision(
        draft.edition, author, text, base=None,
        details=_details(one, terms) if is_original else None,
        based_on=first.live if first and not is_original else None,
    )  # fmt: skip


def _addresses(guides: dict[str, Guide], languages: set[str]) -> dict[str, dict[str, str]]:
    """Where each guide is read, for each language: in that language, or in its original where it does not
    speak it."""
    found: dict[str, dict[str, str]] = {language: {} for language in languages}
    for key, guide in guides.items():
        editions = {edition.language: edition for edition in guide.editions.all()}
        for language in languages:
            edition = editions.get(language) or editions[guide.source_language]
            found[language][key] = f"/{language}/knowledge/{guide.pk}-{edition.slug}/"
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


def _details(one: shapes.Guide, terms: dict[str, Names]) -> Details:
    def called(slugs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(terms[slug]) for slug in slugs)

    return Details(
        countries=one.countries,
        period_from=one.period_from,
        period_to=one.period_to,
        topics=called(one.topics),
        target_groups=called(one.target_groups),
        partners=called(one.partners),
        sources=one.sources,
    )


def _sources(demo: shapes.Demo) -> None:
    there = set(Source.objects.values_list("key", flat=True))
    with writing():  # two hundred of them: one commit
        for one in demo.sources.values():
            if one.key not in there:
                add_source(
                    one.key, title=one.title.text, publisher=one.publisher, url=one.url, year=one.year,
                    kind=Source.Kind.PAGE, language=one.title.lang,
                )  # fmt: skip


def _terms(demo: shapes.Demo) -> dict[str, Names]:
    """Terms named in every language; guides then find them by any of the names."""
    called = {slug: Names(term.names.original, dict(term.names.texts)) for slug, term in demo.terms.items()}
    there = set(Term.objects.values_list("kind", "name"))
    with writing():
        for slug, term in demo.terms.items():
            if (term.kind, str(called[slug])) not in there:
                Term.objects.create(kind=term.kind, slug=slug, name=str(called[slug]), names=called[slug])
    return called
