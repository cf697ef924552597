"""allauth's forms without the placeholders that repeat each label and look like something typed."""

from typing import Any

from allauth.account import forms as theirs


class _Bare:
    """Labels stand above the fields; an empty field looks empty."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class Login(_Bare, theirs.LoginForm):  # type: ignore[misc]
    pass


class Signup(_Bare, theirs.SignupForm):  # type: ignore[misc]
    pass


class AddEmail(_Bare, theirs.AddEmailForm):  # type: ignore[misc]
    pass


class ChangeEmail(_Bare, theirs.ChangeEmailForm):  # type: ignore[misc]
    pass


class ChangePassword(_Bare, theirs.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPassword(_Bare, theirs.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPassword(_Bare, theirs.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKey(_Bare, theirs.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class Reauthenticate(_Bare, theirs.ReauthenticateForm):  # type: ignore[misc]
    pass


class ConfirmEmail(_Bare, theirs.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass
