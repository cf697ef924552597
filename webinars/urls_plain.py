"""Addresses without a language: what is printed, dictated or scanned."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
