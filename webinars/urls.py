"""Addresses of the webinars. The id decides; the slug is for people."""

from django.urls import path

from .views import (
    calendar,
    console,
    editing,
    following,
    home,
    joining,
    lessons,
    mine,
    people,
    programme,
    projector,
    promises,
    prompter,
    room,
    twin,
    webinar,
)

app_name = "webinars"
one = "webinars/<int:pk>-<str:slug>/"
promise = "promises/<int:pk>-<str:slug>/"
urlpatterns = [
    path("", home.home, name="home"),
    path("join/", joining.by_code, name="code"),
    path("p/<str:token>/", joining.portable, name="portable"),
    path("webinars/", programme.programme, name="programme"),
    path("webinars/new/", editing.new, name="new"),
    path("webinars/mine/", mine.mine, name="mine"),
    path("webinars/series/<int:pk>-<str:slug>/", programme.series, name="series"),
    path("webinars/<int:pk>/", webinar.by_id),
    path(one, webinar.webinar, name="webinar"),
    path(f"{one}edit/", editing.edit, name="edit"),
    path(f"{one}copy/", editing.copy, name="copy"),
    path(f"{one}state/", editing.state, name="state"),
    path(f"{one}people/", people.people, name="people"),
    path(f"{one}people/<int:person>/", people.person, name="person"),
    path(f"{one}draft/", lessons.draft, name="draft_lesson"),
    path(f"{one}promise/", following.new, name="promise_new"),
    path(f"{one}calendar.ics", calendar.calendar, name="calendar"),
    path(f"{one}attend/", joining.attend, name="attend"),
    path(f"{one}attending/", joining.attending, name="attending"),
    path(f"{one}join/", joining.join, name="join"),
    path(f"{one}leave/", joining.leave, name="leave"),
    path(f"{one}link/", joining.my_link, name="my_link"),
    path(f"{one}room/", room.room, name="room"),
    path(f"{one}room/text/", room.text_room, name="text_room"),
    path(f"{one}room/more/", room.more, name="more"),
    path(f"{one}console/", console.console, name="console"),
    path(f"{one}prompter/", prompter.prompter, name="prompter"),
    path(f"{one}projector/", projector.projector, name="projector"),
    path(f"{one}projector/changes/", projector.projector_changes, name="projector_changes"),
    path(f"{one}changes/", twin.changes_since, name="changes"),
    path(f"{one}do/", twin.do_command, name="do"),
    path("promises/", promises.promises, name="promises"),
    path("promises/<int:pk>/", promises.promise),
    path(promise, promises.promise, name="promise"),
    path(f"{promise}stand/", following.stand, name="promise_stand"),
    path(f"{promise}edit/", following.edit, name="promise_edit"),
]
