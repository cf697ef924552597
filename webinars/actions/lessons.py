"""From an answered question to a lesson: a draft that holds the question, the gist and where they were said."""

from accounts.models import User
from knowledge import actions as knowledge
from knowledge import lesson
from knowledge import policies as knowledge_policies
from knowledge.models import Draft
from webinars.models import Answer, AnswerKind, Citation, Question, Visibility

from .deed import Deed, Refused, deed


def may_draft(user: User | None) -> bool:
    """Whoever may create guides may begin one from a question."""
    return user is not None and knowledge_policies.can(user, "create")


def draft_lesson(deed: Deed, question_id: int, *, user: User, language: str) -> Draft:
    """A draft in `language`, the writer's own. Wanted again it is the same draft: nothing typed is thrown away.

    Raises Refused: forbidden; not_found (not in this webinar, not public); changed (not answered yet).
    """
    if not may_draft(user) or deed.webinar.is_rehearsal:  # what was made up teaches nobody
        raise Refused("forbidden")
    question = deed.question(question_id)
    if question.visibility != Visibility.PUBLISHED:
        raise Refused("not_found")
    answer = question.answers.exclude(kind=AnswerKind.PROMISED).select_related("speaker").last()
    if answer is None or not (answer.gist or answer.text):
        raise Refused("changed")
    begun = Draft.objects.filter(
        person=user, edition__live=None, edition__guide__citations__question=question
    ).first()
    if begun is not None:
        return begun
    draft = knowledge.create_guide(
        user, language=language, text=_text(question, answer, language), details=_details(question, answer)
    )
    Citation.objects.create(
        guide=draft.edition.guide, anchor="context", webinar=deed.webinar, question=question,
        quote=answer.gist or answer.text, language=answer.language or question.language,
        speaker=answer.speaker.name if answer.speaker else "", said_at=answer.given_at,
    )  # fmt: skip
    deed.touch(question)
    deed.record("draft_lesson", question)
    return draft


def guide_was_shown(guide_id: int) -> None:
    """A guide was published or withdrawn: rooms show "in a lesson" on the questions it answers, or no longer."""
    cited = Question.objects.filter(citations__guide=guide_id).values_list("webinar", "pk").distinct()
    by_webinar: dict[int, list[int]] = {}
    for webinar, question in cited:
        by_webinar.setdefault(webinar, []).append(question)
    for webinar, questions in by_webinar.items():
        with deed(webinar) as done:
            for pk in questions:
                done.touch(done.question(pk))


def _text(question: Question, answer: Answer, language: str) -> knowledge.Text:
    """The parts of a lesson, with the question and the gist as the first words in them."""
    given = {
        "context": _quoted(question.text),
        "done": answer.text or answer.gist,
    }
    body = "\n\n".join(
        f"## {part.title} {{#{part.id}}}\n\n{given.get(part.id, '')}".rstrip() + "\n"
        for part in lesson.parts(language)
    )
    title = " ".join(question.text.split())
    return knowledge.Text(title[:197] + "…" if len(title) > 200 else title, answer.gist, body)


def _details(question: Question, answer: Answer) -> knowledge.Details:
    country = answer.speaker.country if answer.speaker else ""
    return knowledge.Details(countries=(country,) if country else ())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())
