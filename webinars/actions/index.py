"""Answered questions go into the search, after the commit and by the background worker."""

from config import jobs


def index_later(question_id: int) -> None:
    """Queue the question for (re)indexing, in the running transaction. Stemming is no work for a transaction."""
    jobs.enqueue("webinars.index_question", {"question": question_id}, key=f"index-question-{question_id}")


def index_webinar_later(webinar_id: int) -> None:
    """The same for all of a webinar's questions, when who may read them changed."""
    jobs.enqueue("webinars.index_webinar", {"webinar": webinar_id}, key=f"index-webinar-{webinar_id}")
