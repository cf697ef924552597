"""The demo's content as files: lessons, webinars, example questions, and what reads them."""
