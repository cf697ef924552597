"""The demo's content as files: guides, webinars, example questions, and what reads them."""
