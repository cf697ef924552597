"""Answered questions and promises go into the search, after the commit and by the background worker."""

from config import jobs


def index_later(question_id: int) -> None:
    """Queue the question for (re)indexing, in the running transaction. Stemming is no work for a transaction."""
    jobs.enqueue("webinars.index_question", {"question": question_id}, key=f"index-question-{question_id}")


def index_webinar_later(webinar_id: int) -> None:
    """The same for all that is found of a webinar, when who may read it changed."""
    jobs.enqueue("webinars.index_webinar", {"webinar": webinar_id}, key=f"index-webinar-{webinar_id}")


def index_promise_later(promise_id: int) -> None:
    """The same for a promise."""
    jobs.enqueue("webinars.index_promise", {"promise": promise_id}, key=f"index-promise-{promise_id}")
