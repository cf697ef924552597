"""A short text in several languages, one of them the original: titles, organisations, terms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.plain import unturned


class Text(NamedTuple):
    """One text and the language it is in, for lang=."""

    lang: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Names:
    """The texts by language, and which of them the others were made from."""

    original: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, original: str, text: str, /, **others: str) -> "Names":
        """Names.of("en", "Hello", mn="Сайн уу"): `text` is in the language `original`."""
        return cls(original, {original: text, **{k.replace("_", "-"): v for k, v in others.items()}})

    @classmethod
    def from_json(cls, data: Any) -> "Names":
        """From {"original": "mn", "texts": {"mn": "…"}}. Raises ValueError on any other shape."""
        if isinstance(data, cls):
            return data
        if data in (None, "", {}):
            return cls()
        if not isinstance(data, dict) or not isinstance(data.get("texts"), dict):
            raise ValueError("names must look like {original, texts}")
        texts = {str(code): str(text) for code, text in data["texts"].items()}
        return cls(str(data.get("original", "")), texts)

    def to_json(self) -> dict[str, Any]:
        return {"original": self.original, "texts": dict(self.texts)}

    @property
    def original_text(self) -> str:
        return self.texts.get(self.original, "")

    def best(self, reads: Iterable[str] = ()) -> Text:
        """The text in the first language the reader reads (mn also finds mn-Mong), else the original."""
        return next(self._found(reads), Text(self.original, self.original_text))

    def beside(self, codes: Sequence[str]) -> list[Text]:
        """As many texts as languages are asked for: in them where they exist, the original for one that does not."""
        found = dict.fromkeys([*self._found(codes), Text(self.original, self.original_text)])
        return list(found)[: len(codes)]

    def _found(self, codes: Iterable[str]) -> Iterator[Text]:
        for code in codes:
            have = code if code in self.texts else self._of_base(code.split("-")[0])
            if have is not None:
                yield Text(have, self.texts[have])

    def _of_base(self, base: str) -> str | None:
        return next((code for code in self.texts if code.split("-")[0] == base), None)

    def __str__(self) -> str:
        return self.original_text

    def __bool__(self) -> bool:
        return bool(self.original_text)

    def __hash__(self) -> int:
        return hash((self.original, frozenset(self.texts.items())))


if TYPE_CHECKING:
    _JSONField = models.JSONField[Names, Names]
else:
    _JSONField = models.JSONField


class NamesField(_JSONField):
    """A JSON column {"original": "mn", "texts": {…}} that reads and writes Names."""

    description = "A short text in several languages"

    def __init__(self, *args: Any, text_max: int = 300, multiline: bool = False, **kwargs: Any) -> None:
        self.text_max = text_max
        self.multiline = multiline
        kwargs.setdefault("default", Names)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.text_max != 300:
            kwargs["text_max"] = self.text_max
        if kwargs.get("default") is Names:
            del kwargs["default"]
        return name, path, args, kwargs  # `multiline` is about forms only: no migration needed

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        problems = super().check(**kwargs)
        if self.null:
            problems.append(checks.Error("Nothing is said with empty Names, never with NULL.", obj=self))
        return problems

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        loaded = super().from_db_value(value, expression, connection)
        return loaded if isinstance(expression, KeyTransform) else Names.from_json(loaded)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(_plain(value), connection, prepared)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(_plain(value), connection)

    def to_python(self, value: Any) -> Names:
        try:
            return Names.from_json(value)
        except ValueError as problem:
            raise ValidationError(str(problem), code="invalid") from problem

    def validate(self, value: Any, model_instance: Any) -> None:
        check_names(value, text_max=self.text_max, blank=self.blank)

    def value_to_string(self, obj: models.Model) -> Any:
        return _plain(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        own: dict[str, Any] = {
            "form_class": NamesFormField,
            "text_max": self.text_max,
            "multiline": self.multiline,
        }
        options = own | kwargs
        options.pop("encoder", None)
        options.pop("decoder", None)
        return models.Field.formfield(self, **options)


def _plain(value: Any) -> Any:
    return value.to_json() if isinstance(value, Names) else value


def check_names(value: Names, *, text_max: int, blank: bool) -> None:
    """Raises ValidationError unless the original is there, tags are well-formed and no text is too long."""
    if not value:
        if blank and not any(value.texts.values()):
            return
        raise ValidationError(_("Write it in the original language."), code="required")
    for code, text in value.texts.items():
        if not languages.valid(code):
            raise ValidationError(_("“%(code)s” is not a language tag."), code="lang", params={"code": code})
        if not text.strip():
            raise ValidationError(_("A text is empty."), code="empty")
        if len(text) > text_max:
            raise ValidationError(
                _("%(language)s: at most %(max)d characters."),
                code="max_length",
                params={"language": languages.endonym(code), "max": text_max},
            )


class NamesWidget(forms.Widget):
    """One input per interface language and per language already there, a free row, and the original's choice.

    Posts `<name>-text-<code>`, `<name>-other-lang` with `<name>-other-text` (any number of pairs) and
    `<name>-original` (empty: the only text there is, or the reader's own language).
    """

    template_name = "accounts/_names_field.html"

    def __init__(self, attrs: Any = None, *, multiline: bool = False, text_max: int = 300) -> None:
        super().__init__(attrs)
        self.multiline = multiline
        self.text_max = text_max

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # only the original must be filled, and which one that is is part of the answer

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-{languages.INTERFACE[0]}" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Names:
        prefix = f"{name}-text-"
        texts = {key.removeprefix(prefix): str(data[key]).strip() for key in data if key.startswith(prefix)}
        many = data.getlist if hasattr(data, "getlist") else lambda key: [data[key]] if key in data else []
        for code, text in zip(many(f"{name}-other-lang"), many(f"{name}-other-text")):
            if code and text.strip():
                texts[_tidied(code.strip())] = text.strip()
        texts = {code: unturned(text).strip() for code, text in texts.items()}
        texts = {code: text for code, text in texts.items() if text}
        original = str(data.get(f"{name}-original", ""))
        if not texts.get(original) and len(texts) == 1:
            original = next(iter(texts))
        return Names(original, texts)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        names = Names.from_json(value)
        codes = [*languages.INTERFACE, *(code for code in names.texts if code not in languages.INTERFACE)]
        context["widget"] |= {
            "rows": [(code, languages.endonym(code), names.texts.get(code, "")) for code in codes],
            "others": [(code, languages.endonym(code)) for code in languages.OFFERED if code not in codes],
            "original": names.original,
            "multiline": self.multiline,
            "text_max": self.text_max,
        }
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # The site's own engine: Django's form renderer does not look into templates/.
        return mark_safe(render_to_string(self.template_name, self.get_context(name, value, attrs)))


def _tidied(code: str) -> str:
    return languages.tidy(code) if languages.valid(code) else code


class NamesFormField(forms.Field):
    """Several languages in one form field; cleaned to Names. Only the original is required."""

    widget = NamesWidget

    def __init__(self, *, text_max: int = 300, multiline: bool = False, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)
        if not isinstance(kwargs.get("widget"), NamesWidget):  # the admin offers a textarea for JSON columns
            kwargs["widget"] = NamesWidget(multiline=multiline, text_max=text_max)
        self.text_max = text_max
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Names:
        return Names.from_json(value)

    def to_python(self, value: Any) -> Names:
        return Names.from_json(value)

    def validate(self, value: Any) -> None:
        if any(value.texts.values()) and not value:
            raise ValidationError(_("Say which language is the original."), code="original")
        check_names(value, text_max=self.text_max, blank=not self.required)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return Names.from_json(initial) != Names.from_json(data)
