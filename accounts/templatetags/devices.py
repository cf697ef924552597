"""{{ session.user_agent|device }}: what people call the device."""

from django import template

from accounts.devices import device_name

register = template.Library()
register.filter("device", device_name)
