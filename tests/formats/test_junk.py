import pytest

from waymark.formats.junk import is_junk


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "Back to top ↑",
        "Return to the home page",
        "Back to search results",
        "Sign up for our newsletter",
        "Log in to reply",
        "Login or register",
        "Share this on Facebook",
        "Print this page",
        "Read more.",
        "Page 3 of 9",
        "© 2024 Acme Ltd. All rights reserved.",
        "Copyright 2024 Acme Ltd.",
        "(c) 2024 Acme",
        "Posts: 1,204",
        "X-Complaints-To: abuse",
        "* * *",
    ],
)
def test_controls_copyright_notices_and_headers_of_posts_are_furniture(line: str) -> None:
    assert is_junk(line)


@pytest.mark.parametrize(
    "line",
    [
        "Location: Leeds, United Kingdom",
        "Return to nursing",
        "Return to practice courses take 3 to 12 months.",
        "Back to work after a break",
        "Jump to a new career",
        "Skip to the second interview if asked.",
        "Copyright lawyers earn $145,000 a year in Boston.",
        "(c) a degree in nursing",
        "Sign up for an apprenticeship",
        "Log in to the application portal",
        "Save on travel costs",
        "Share with your adviser",
        "Posts: 40 permanent, 12 temporary",
        "X-ray: a two-year course",
        "Page 3 of the form asks for your age.",
    ],
)
def test_guidance_that_begins_like_a_control_is_no_furniture(line: str) -> None:
    assert not is_junk(line)
