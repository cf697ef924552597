"""Forms about oneself: the details asked at sign-up, and the profile."""

from django import forms


class SignupDetails(forms.Form):
    """Asked with e-mail and password at sign-up."""

    def signup(self, request: object, user: object) -> None:
        return None
