"""Password rules Django does not have: a longest length, and no words that everybody here would think of."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from config.site_settings import current

LONGEST = 128
FEWEST_OWN = 6
OUR_WORDS = (
    "sild",
    "webinar",
    "вебинар",
    "вебінар",
    "veebiseminar",
    "password",
    "parool",
    "пароль",
    "нууц үг",
)


class NoWordsOfOurs:
    """Refuses passwords that are little more than the site's name, our subject, or one's own address."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("At most %(longest)d characters."), "password_too_long", {"longest": LONGEST}
            )
        rest = password.casefold()
        address = str(getattr(user, "email", "") or "").casefold()
        names = (name.casefold() for name in current().name.texts.values())
        for word in (*names, *OUR_WORDS, *address.replace("@", ".").split(".")):
            if len(word) > 2:
                rest = rest.replace(word, "")
        if len(rest) < FEWEST_OWN:
            raise ValidationError(_("This is easy to guess here: use words of your own."), "password_ours")

    def get_help_text(self) -> str:
        return _("Use words of your own, not the name of this site or your address.")
