"""Ukrainian: dictionary form, then a light stemmer of our own for endings and the commonest alternations."""

from knowledge.search.analysis.lemmas import lemma

# Endings of the open word classes, with the suffix before them where the two melt together.
_NOUNS = """
    ами ями ах ях ам ям ів їв ей ою ею єю ові еві єві ом ем єм у ю а я и і ї о е є
    ість істю ості остей остям остями остях ння нням нню нні ннями ннях нь
"""
_ADJECTIVES = "ий ій ая яя а я е є ого ього ому ьому им їм ої ьої ою ьою у ю і ї их їх ими їми"
_VERBS = """
    ати яти ити іти увати ювати
    у ю еш єш иш їш е є ить їть емо ємо имо їмо ете єте ите їте уть ють ать ять
    ує уємо уєте ують ає аємо аєте ають яє яють
    ав ала ало али яв яла яло яли ив ила ило или ів іла іло іли
    ував увала увало ували ював ювала ювало ювали ай айте уй уйте
    аний ана ане ані ений ена ене ені ано ено
"""
_ENDINGS = sorted(set(f"{_NOUNS} {_ADJECTIVES} {_VERBS}".split()), key=len, reverse=True)
_BY_LAST = {last: [e for e in _ENDINGS if e[-1] == last] for last in {e[-1] for e in _ENDINGS}}
_SHORTEST = 3  # letters of a stem that an ending may leave behind


def stem(word: str) -> str:
    return light(lemma(word, "uk"))


def light(word: str) -> str:
    """The longest ending off, then what case endings do to the letters before them: книзі → книг."""
    if len(word) <= _SHORTEST:
        return word
    body = word
    if len(body) > 5 and body.endswith(("ся", "сь")):
        body = body[:-2]
    ending = next(
        (e for e in _BY_LAST.get(body[-1], ()) if body.endswith(e) and len(body) - len(e) >= _SHORTEST), ""
    )
    body = body[: len(body) - len(ending)]
    body = body.rstrip("ьй") or body
    if ending == "і" and body[-1] == "з":  # книга, книзі
        body = body[:-1] + "г"
    if body[-1] == "ц":  # рука, руці; and so that столиця, столиці stay together
        body = body[:-1] + "к"
    if len(body) > 4 and body.endswith(("ок", "ек")):  # висновок, висновки; жінок, жінка
        body = body[:-2] + "к"
    return body[:-1] if len(body) > 4 and body.endswith("нн") else body
