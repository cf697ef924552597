"""Which deed each command is. The socket, the POST form and the tests all come through here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from webinars.actions import (
    alike,
    answers,
    appeals,
    ballots,
    bulk,
    conduct,
    floor,
    merging,
    notes,
    opinions,
    polls,
    questions,
    queue,
    renditions,
    room,
    settling,
    splitting,
    troubles,
    turns,
    unclear,
    undo,
)
from webinars.actions.deed import Deed, Refused
from webinars.actions.stands import Stance, take_stands
from webinars.actions.votes import Ballot, cast_votes
from webinars.models import Act, Participant

from .protocol import Args, Command

Result = dict[str, Any]
Do = Callable[[Deed, Args], Result]
Wants = tuple[Participant, Args]  # who, and what their command carries
# Many of one webinar at once: for each None when it holds, else its refusal.
DoMany = Callable[[Deed, Sequence[Wants]], Sequence[Refused | None]]


def _about(action: Callable[..., Act | None]) -> Do:
    """A deed about one question, whose other arguments are the command's own."""

    def do(deed: Deed, args: Args) -> Result:
        rest = {k: v for k, v in args.items() if k != "question"}
        return _done(action(deed, deed.question(args["question"]), **rest))

    return do


def _done(act: Act | None) -> Result:
    """The act's id is what an undo names, where one can; {} when it stood so already."""
    if act is None:
        return {}
    return {"act": act.pk} | ({"undo": True} if undo.is_undoable(act) else {})


def _ask(deed: Deed, args: Args) -> Result:
    question = renditions.ask_with_own(deed, **args)
    return {"question": question.pk, "visibility": question.visibility}


def _quiet(action: Callable[..., None]) -> Do:
    def do(deed: Deed, args: Args) -> Result:
        rest = {k: v for k, v in args.items() if k != "question"}
        action(deed, deed.question(args["question"]), **rest)
        return {}

    return do


def _undo(deed: Deed, args: Args) -> Result:
    stayed = undo.undo_act(deed, args["act"])
    return {"stayed": stayed} if stayed else {}


def _bulk(deed: Deed, args: Args) -> Result:
    """`done`: how many; `refused`: {question: code} of those left as they are."""
    act, refused = bulk.decide_several(deed, **args)
    done = len(act.before["questions"]) if act else 0
    return _done(act) | {"done": done} | ({"refused": refused} if refused else {})


def _to_person(verb: str, action: Callable[..., Act | None]) -> Do:
    """A deed about somebody: `on` unless it says otherwise."""

    def do(deed: Deed, args: Args) -> Result:
        rest = {k: v for k, v in args.items() if k not in ("question", "person")}
        whom = {k: v for k, v in args.items() if k in ("question", "person")}
        person = conduct.meant(deed, verb, **whom)
        return _done(action(deed, person, **{"on": True, **rest}))

    return do


def _settings(deed: Deed, args: Args) -> Result:
    """`waiting`: what would be published at once by the new rule, to be offered for it."""
    result = _done(room.change_settings(deed, **args))
    offers = "act" in result and "publishes_at_once" in args and room.waiting_at_once(deed)
    return result | ({"waiting": offers} if offers else {})


def _report(deed: Deed, args: Args) -> Result:
    return {"trouble": troubles.report_trouble(deed, **args).pk}


def _translate(deed: Deed, args: Args) -> Result:
    return {"version": renditions.translate(deed, **args).version}


def _claim(deed: Deed, args: Args) -> Result:
    return renditions.claim(deed, **args)


def _give_back(deed: Deed, args: Args) -> Result:
    renditions.give_back(deed, **args)
    return {}


def _notice(deed: Deed, args: Args) -> Result:
    notice, act = room.send_notice(deed, **args)
    return {"notice": notice.pk} | _done(act)


def _lower(deed: Deed, args: Args) -> Result:
    queue.lower_hand(deed)
    return {}


def _opine(deed: Deed, args: Args) -> Result:
    opinion = opinions.say_opinion(deed, **args)
    return {"opinion": opinion.pk, "visibility": opinion.visibility}


def _opinion(action: Callable[..., Act | None]) -> Do:
    """A deed about one opinion, whose other arguments are the command's own."""

    def do(deed: Deed, args: Args) -> Result:
        rest = {k: v for k, v in args.items() if k != "opinion"}
        return _done(action(deed, opinions.opinion_of(deed, args["opinion"]), **rest))

    return do


def _own_opinion(action: Callable[..., None]) -> Do:
    def do(deed: Deed, args: Args) -> Result:
        rest = {k: v for k, v in args.items() if k != "opinion"}
        action(deed, opinions.opinion_of(deed, args["opinion"]), **rest)
        return {}

    return do


def _votes(deed: Deed, wants: Sequence[Wants]) -> list[Refused | None]:
    return _coded(cast_votes(deed, [Ballot(person, args["question"], args["on"]) for person, args in wants]))


def _stands(deed: Deed, wants: Sequence[Wants]) -> list[Refused | None]:
    stances = [
        Stance(person, args["opinion"], "" if args["side"] == "none" else args["side"])
        for person, args in wants
    ]
    return _coded(take_stands(deed, stances))


def _ballots(deed: Deed, wants: Sequence[Wants]) -> list[Refused | None]:
    return ballots.cast_ballots(deed, [ballots.Choice(person, **args) for person, args in wants])


def _coded(codes: Sequence[str]) -> list[Refused | None]:
    return [Refused(code) if code else None for code in codes]


# The hot ones: the writer does all that came of them together.
BULK: Final[Mapping[str, DoMany]] = {"vote": _votes, "stand": _stands, "ballot": _ballots}

# "react" is in neither: it is counted in memory and writes nothing (live/reactions.py).
DEEDS: Final[Mapping[str, Do]] = {
    "ask": _ask,
    "rewrite": _quiet(questions.rewrite_question),
    "withdraw": _quiet(questions.withdraw_question),
    "raise": lambda deed, args: {"hand": queue.raise_hand(deed, **args).pk},
    "lower": _lower,
    "hand": lambda deed, args: _done(
        queue.move_hand(deed, args["hand"], to=args["to"], reason=args.get("reason", ""))
    ),
    "appeal": _quiet(appeals.appeal_question),
    "publish": _about(questions.publish_question),
    "return": _about(questions.return_question),
    "decline": _about(questions.decline_question),
    "hide": _about(questions.hide_question),
    "bulk": _bulk,
    "mute": _to_person("mute", conduct.mute),
    "remove": _to_person("remove", conduct.remove),
    "slow": lambda deed, args: _done(room.set_slow(deed, **args)),
    "report": _report,
    "claim": _claim,
    "give_back": _give_back,
    "translate": _translate,
    "approve": lambda deed, args: _done(renditions.approve(deed, **args)),
    "unclear": _quiet(unclear.ask_asker),
    "clarify": _quiet(unclear.clarify),
    "asked_already": lambda deed, args: _done(alike.decline_as_asked(deed, **args)),
    "merge": lambda deed, args: _done(merging.merge_questions(deed, **args)),
    "unmerge": _about(merging.unmerge_question),
    "split": _about(splitting.split_question),
    "move": _about(troubles.move_question),
    "solve": lambda deed, args: _done(troubles.solve_troubles(deed, **args)),
    "opine": _opine,
    "opinion_rewrite": _own_opinion(opinions.rewrite_opinion),
    "opinion_withdraw": _own_opinion(opinions.withdraw_opinion),
    "opinion_publish": _opinion(opinions.publish_opinion),
    "opinion_return": _opinion(opinions.return_opinion),
    "opinion_decline": _opinion(opinions.decline_opinion),
    "opinion_hide": _opinion(opinions.hide_opinion),
    "opinion_move": _opinion(opinions.move_to_questions),
    "next": _about(floor.put_next),
    "unnext": _about(floor.take_off_next),
    "floor": _about(floor.open_turn),
    "gist": _about(floor.write_gist),
    "promise": _about(floor.promise_answer),
    "promise_all": lambda deed, args: _done(settling.promise_answers(deed, **args)),
    "close": lambda deed, args: _done(settling.close_questions(deed, **args)),
    "assign": _about(notes.assign_question),
    "note": _about(notes.add_note),
    "speakers": lambda deed, args: _done(turns.set_speakers(deed, **args)),
    "resume": lambda deed, args: _done(turns.resume_turn(deed, **args)),
    "answer": _about(answers.write_answer),
    "confirm": lambda deed, args: _done(answers.confirm_gist(deed, **args)),
    "judge": _about(answers.judge_answer),
    "done": lambda deed, args: _done(floor.close_turn(deed, **args)),
    "interrupt": lambda deed, args: _done(floor.interrupt_turn(deed, **args)),
    "poll": lambda deed, args: {"poll": polls.write_poll(deed, **args).pk},
    "open_poll": lambda deed, args: _done(polls.open_poll(deed, args["poll"])),
    "close_poll": lambda deed, args: _done(polls.close_poll(deed, args["poll"])),
    "publish_poll": lambda deed, args: _done(polls.publish_poll(deed, args["poll"])),
    "drop_poll": lambda deed, args: _done(polls.drop_poll(deed, args["poll"])),
    "wall_poll": lambda deed, args: _done(polls.put_on_wall(deed, args["poll"], on=args["on"])),
    "hide_answer": lambda deed, args: _done(polls.hide_answer(deed, **args)),
    "undo": _undo,
    "notice": _notice,
    "notice_off": lambda deed, args: _done(room.withdraw_notice(deed, args["notice"])),
    "agenda": lambda deed, args: _done(room.next_agenda_item(deed, args.get("item"))),
    "state": lambda deed, args: _done(room.change_state(deed, args["to"])),
    "settings": _settings,
}


def do(deed: Deed, command: Command) -> Result:
    """Do one command of one person; `deed.by` says whose. Raises Refused."""
    if cast := BULK.get(command.do):
        assert deed.by is not None
        [refused] = cast(deed, [(deed.by, command.args)])
        if refused:
            raise refused
        return {}
    return DEEDS[command.do](deed, command.args)
