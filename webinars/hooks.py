"""What webinars add to the rest of the site: at sign-in, in the search, on guides, on one's own page, by letter."""

from typing import TypeVar

from accounts import adapter, erasing, panels
from accounts.announce import on_rights_changed
from config import jobs
from knowledge import announce, related, search
from webinars import letters, made_up
from webinars import search as answers
from webinars.actions.erasing import erase_participations
from webinars.actions.lessons import guide_was_shown
from webinars.actions.people import file_anew
from webinars.views.joining import seats_become_theirs
from webinars.views.lessons import asked_in_webinars
from webinars.views.mine import my_webinars_panel

Hook = TypeVar("Hook")


def hang_in() -> None:
    """Called when the apps are ready; a second call changes nothing."""
    assert letters.KINDS  # imported for its job handler
    jobs.in_each_round(made_up.look)
    _once(adapter.on_sign_in, seats_become_theirs)
    _once(on_rights_changed, file_anew)
    _once(erasing.on_erasing, erase_participations)
    _once(announce.on_guide_shown, guide_was_shown)
    _once(search.scopes, answers.scopes_of)
    search.sources["answers"] = answers.everything
    search.sources["promises"] = answers.every_promise
    related.register(asked_in_webinars)
    _once(panels.profile_panels, my_webinars_panel)


def _once(hooks: list[Hook], hook: Hook) -> None:
    if hook not in hooks:
        hooks.append(hook)
