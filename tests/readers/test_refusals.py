from __future__ import annotations

import pytest

from stancewire.errors import InputError
from stancewire.readers.html import article_from_page
from stancewire.readers.refusals import is_refusal

WALLS = {
    "consent": (
        "We value your privacy\nWe and our 842 partners store and/or access information on a device, such as cookies, "
        "and process personal data, such as unique identifiers, for personalised advertising and content. With your "
        "permission we and our partners may use precise geolocation data through device scanning. You may click to "
        "consent to our and our 842 partners' processing as described above. Please note that some processing of your "
        "personal data may not require your consent, but you have a right to object to such processing. You can change "
        "your preferences or withdraw your consent at any time by returning to this site.\nMore options\nAccept all"
    ),
    "search engine": (
        "Before you continue\nWe use cookies and data to deliver and maintain services, and to track outages. If you "
        "choose to accept all, we will also use cookies and data to develop new services and show personalised ads. "
        "If you choose to reject all, we will not use cookies for these additional purposes.\nAccept all\nReject all"
    ),
    "pay or consent": (
        "Mit Werbung und Tracking lesen\nBesuchen Sie uns wie gewohnt mit Werbung und Tracking. Ihre Zustimmung ist "
        "jederzeit widerrufbar. Wir und unsere 214 Partner verarbeiten personenbezogene Daten, etwa mit Cookies."
        "\nAlle akzeptieren"
    ),
    "french": (
        "Avec votre accord, nos partenaires et nous utilisons des cookies pour stocker et consulter des données "
        "personnelles. Vous pouvez retirer votre consentement à tout moment.\nTout accepter\nContinuer sans accepter"
    ),
    "spanish": (
        "Nosotros y nuestros 120 socios utilizamos cookies para almacenar información en su dispositivo. Puede retirar "
        "su consentimiento en la política de privacidad.\nAceptar todas"
    ),
    "no script": "Please enable JavaScript to view this page. This site requires JavaScript to run.",
    "robot check": (
        "Checking your browser before accessing the site. Please verify that you are human. This may take a few "
        "seconds.\nThis website is using a security service to protect itself from online attacks.\nRay ID: 7d1f0a2c"
    ),
    "traffic": (
        "Our systems have detected unusual traffic from your computer network. Please confirm that you are not a robot."
    ),
    "forbidden": (
        'You don\'t have permission to access "http://courier.example/a-river" on this server.\nReference #18.2f7d3e17'
    ),
    "gone": (
        "Sorry, we couldn't find that.\nThe page you are looking for may have been moved or deleted. Check the URL for "
        "mistakes, or go back to the homepage."
    ),
    "law": (
        "We recognize you are attempting to access this website from a country belonging to the European Economic Area "
        "(EEA) including the EU which enforces the General Data Protection Regulation (GDPR) and therefore access "
        "cannot be granted at this time."
    ),
    "region": "Our site is unavailable to visitors from Europe while we work to protect our readers' personal data.",
    "german": "Die gesuchte Seite wurde nicht gefunden. Diese Adresse existiert nicht mehr oder ist nicht verfügbar.",
}
ARTICLES = {
    "a fine": (
        "The regulator fined the retailer 40 million euros on Tuesday because its cookie banner had no button to "
        "reject all cookies. “We use cookies like everybody else,” a spokesman said. The court found that consent to "
        "advertising cookies must be as easy to refuse as to give. Privacy groups welcomed the ruling, which the "
        "company wants to appeal."
    ),
    "an op-ed": (
        "I clicked “accept all” four times this morning before I had read a word of news. Nobody believes that this "
        "is consent. The law asked for a choice and got a nuisance, and the data are sold as before. Parliament should "
        "ban the banners and the trade behind them, and let browsers say no once for all of us."
    ),
    "advice": (
        "Browsers keep cookies for months. To get rid of them, open the menu, choose the settings, and look for "
        "privacy. There you can delete what was stored, site by site. Experts advise to do so once a month. "
        "Those who want to be safe can block cookies of third parties altogether, though some shops then forget the "
        "basket."
    ),
    "an outage": (
        "The ministry's website was down for most of Monday. Visitors read that the page could not be found, or that "
        "access had been denied. Officials blamed an attack. “You have been blocked,” the portal told farmers who "
        "wanted to hand in claims for the drought, the last day for which was the same evening."
    ),
    "bakers": (
        "“We sell two thousand cookies a day,” Ms Noori says. Her bakery in the old town has opened again after the "
        "flood. Her cookies are known across the valley, and her recipe is a secret. “Our cookies have butter in them, "
        "and that is all that we say.”"
    ),
    "a brief": "The bridge to the old town is closed until spring. The page of the road office lists detours.",
}


@pytest.mark.parametrize("text", WALLS.values(), ids=WALLS.keys())
def test_a_page_that_asks_or_refuses_is_told_by_what_it_says(text: str) -> None:
    assert is_refusal(text, None)


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES.keys())
def test_an_article_about_cookies_or_errors_is_an_article(text: str) -> None:
    assert not is_refusal(text, "Cookies, and what they cost us")


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "404 - Page not found",
        "Error 403 Forbidden",
        "Page Not Found",
        "Oops! That page can’t be found.",
        "Access Denied",
        "Just a moment...",
        "Attention Required!",
        "Are you a robot?",
        "503 Service Temporarily Unavailable",
        "Seite nicht gefunden",
        "Страница не найдена",
    ],
)
def test_the_title_of_an_error_page_is_enough_above_a_short_text(title: str) -> None:
    text = "Most read today: the council weighs a new water treaty. The bridge to the old town stays closed."
    assert is_refusal(text, title)
    assert not is_refusal(f"{text} " * 10, title)


@pytest.mark.parametrize(
    "title",
    [
        "Access denied: how farmers lost the river",
        "The 404 bus is back",
        "Page not found in the archive of 1946",
    ],
)
def test_a_headline_with_the_words_of_an_error_is_a_headline(title: str) -> None:
    assert not is_refusal(
        "The council weighs a new water treaty. The bridge to the old town stays closed.", title
    )


def test_a_wall_of_which_an_article_is_the_greater_part_is_read() -> None:
    story = "The council weighs a new water treaty. " * 30
    assert not is_refusal(f"{WALLS['consent']}\n{story}", "A river")


def test_a_cookie_wall_saved_as_a_page_is_no_article() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in WALLS["consent"].split("\n"))
    page = f"<html><head><title>Valley Courier</title></head><body><div>{paragraphs}</div></body></html>"
    with pytest.raises(InputError, match="no article found on the page; it asks for consent") as caught:
        article_from_page(page.encode(), source="a.html")
    assert caught.value.reason == "no-article"
