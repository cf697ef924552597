"""Template tags of the house: icons, style sheets, the language menu."""
