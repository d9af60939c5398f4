"""Pages saved in an article's place: consent walls, error pages and checks for robots, told by what they say."""

from __future__ import annotations

import re

# Longest texts that are looked at, in characters: an error page says little, a consent wall lists its purposes. Chosen,
# not measured: the longest wall in tests/readers/test_refusals.py has a quarter; an article is too much to risk.
_LONGEST = 3000
_LONGEST_BY_TITLE = 600
_MOST = 0.7  # of the characters stand in sentences of such pages; .8 or more in the tests' walls, under .3 in articles

# Whole titles, but for the outlet's name and marks at either end.
_TITLES = (
    r"(?:(?:http )?(?:error|fehler|erreur|errore?)[ :–-]*)?(?:40\d|410|429|451|50[0-4])(?: error)?"
    r"(?:[ :–-]+(?:{said}))?",
    r"{said}",
    r"just a moment|attention required|one more step|please wait|ddos-guard|pardon our interruption",
    r"are you (?:a robot|human)|robot or human|security check|human verification|bot verification",
    r"verif(?:y|ying) (?:that )?you are (?:a )?human",
    r"(?:please )?enable javascript(?: and cookies)?(?: to continue)?",
    r"before you continue(?: to \w+)?|cookie (?:consent|settings|preferences|policy)|privacy settings",
    r"your privacy choices",
)
_TITLE_SAYS = (
    r"(?:oops[,!. ]*)?(?:the |this |that )?(?:page|file)? ?(?:was |is )?(?:not (?:found|available)|unavailable)",
    r"(?:oops[,!. ]*)?(?:the |this |that )?page (?:cannot|can not|can['’]t|could not|couldn['’]t) be found",
    r"access (?:is )?denied|access to this page has been denied|(?:access )?forbidden|unauthorized",
    r"bad request",
    r"internal server error|bad gateway|gateway time-?out|too many requests",
    r"unavailable (?:due to|for) legal reasons",
    r"(?:service|site) (?:is )?(?:temporarily )?unavailable|(?:die )?seite (?:wurde )?nicht gefunden",
    r"zugriff verweigert",
    r"page (?:non trouvée|introuvable)|accès refusé|página no encontrada|acceso denegado|pagina non trovata",
    r"accesso negato|página não encontrada|pagina niet gevonden|страница не найдена",
    r"доступ (?:запрещ[её]н|ограничен)",
    r"sayfa bulunamadı|الصفحة غير موجودة|صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد",
)
# What a page says in its own name to whoever looks at it. Reports say it of others, and quote a sentence of it at most.
_REFUSES = (
    r"\b(?:enabl\w+|turn\w* on|activat\w+|allow) (?:java ?script|cookies)|\brequires java ?script",
    r"java ?script (?:is (?:disabled|required|not enabled)|to run)",
    r"your browser (?:does not|doesn['’]t) (?:support|have)",
    r"\b(?:disable|turn off|whitelist)\b.{0,40}\bad ?block|checking (?:if the site|if you|your browser)",
    r"(?:don['’]t|do not) have permission to (?:access|view)|\byou have been blocked|\bon this server\b",
    r"\b(?:your |this )?(?:request|access)(?: to this \w+)? (?:was|has been) (?:blocked|denied)",
    r"\b(?:verif\w+|confirm) (?:that )?you(?:['’]re| are) (?:not )?(?:an? )?(?:human|(?:ro)?bot)",
    r"unusual (?:traffic|activity) from your|\bray id\b|\bincident id\b|security service to protect",
    r"reference (?:#|id\b)",
    r"contact (?:the (?:site owner|webmaster|administrator)|(?:our )?support\b)",
    r"the (?:page|url|address|article|link) (?:that )?you(?:['’]re| are|['’]ve| have| were)? "
    r"(?:looking|request|tried|trying|follow|enter)",
    r"\b(?:this|that|requested) (?:page|url|link)\b.{0,40}\b(?:not found|no longer (?:exists|available))",
    r"\b(?:the|this|that|requested) page (?:may|might|could|has|does|cannot|can['’]t|was)\b",
    r"\bcheck the (?:url|address|link)|\b(?:go(?: back)?|return|head|back) to (?:the |our )?home ?page",
    r"\btry (?:a |our |using |the )*search|attempting to access this website from a country",
    r"unavailable (?:to|in|for) (?:visitors|most|users|readers) .{0,30}europe",
    r"\b(?:seite|adresse)\b.{0,60}\b(?:nicht gefunden|existiert nicht|nicht (?:mehr )?(?:verfügbar|vorhanden))",
    r"\bpage\b.{0,60}\b(?:n['’]existe (?:pas|plus)|est introuvable|n['’]a pas été trouvée)",
    r"\bpágina\b.{0,60}\bno (?:existe|se encuentra|está disponible)",
)
_ASKS = (
    r"\b(?:we|us|our)\b.{0,160}\b(?:cookies?|consent|personal data|privacy (?:policy|notice)|partners)\b",
    r"\b(?:we|us|our)\b.{0,160}\b(?:(?:on|your) device|advertising|personali[sz]ed (?:ads|content))\b",
    r"\b(?:we|us|our)\b.{0,160}\b(?:legitimate interest|browsing data)\b",
    r"^\W*(?:accept|reject|manage|allow) (?:all|cookies|settings|preferences|options|choices)\b.{0,20}$",
    r"^(?:accept|reject|i agree)\W*$",
    r"\bby (?:clicking|selecting|pressing|continuing)\b|\byour consent\b",
    r"\b(?:change|withdraw) your (?:settings|choices|mind)\b",
    r"\b(?:wir|uns|unser\w*)\b.{0,160}\b(?:cookies?|einwillig\w+|zustimm\w+|personenbezogene\w*|partner\w*)\b",
    r"\b(?:wir|uns|unser\w*)\b.{0,160}\b(?:tracking|endgerät\w*)\b",
    r"\bihre (?:einwilligung|zustimmung)\b|\balle (?:cookies )?(?:akzeptieren|annehmen|ablehnen)\b",
    r"\bwerbung und tracking\b",
    r"\b(?:nous|nos|notre)\b.{0,160}\b(?:cookies?|consentement|données|partenaires|appareil|traceurs)\b",
    r"\bvotre consentement\b|\btout (?:accepter|refuser)\b|\bcontinuer sans accepter\b",
    r"\b(?:nosotros|nuestr\w+|utilizamos|usamos)\b.{0,160}\b(?:cookies?|consentimiento|datos|socios|dispositivo)\b",
    r"\bsu consentimiento\b|\btu consentimiento\b|\baceptar (?:todas?|todo|y)\b",
    r"\b(?:noi|nostr\w+|utilizziamo)\b.{0,160}\b(?:cookies?|consenso|dati|partner|dispositivo)\b",
    r"\baccetta (?:tutti|e)\b",
    r"\b(?:wij|onze)\b.{0,160}\b(?:cookies?|toestemming|gegevens|partners|apparaat)\b|\balles accepteren\b",
)
# A wall that asks for consent says so: without one of these, "our cookies" may be biscuits.
_WALL = re.compile(
    r"\b(?:consent|privacy|personal data|preferences|settings|accept all|einwillig\w+|zustimm\w+|datenschutz\w*|"
    r"consentement|confidentialité|consentimiento|privacidad|consenso|accetta|toestemming)\b",
    re.IGNORECASE,
)
_TITLE = re.compile("|".join(_TITLES).replace("{said}", "|".join(_TITLE_SAYS)), re.IGNORECASE)
_REFUSING = re.compile("|".join(_REFUSES), re.IGNORECASE)
_ASKING = re.compile("|".join(_ASKS), re.IGNORECASE)
_QUOTED = re.compile(r"“[^”\n]*”|«[^»\n]*»|„[^“\n]*“|\"[^\"\n]*\"")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def is_refusal(text: str, title: str | None) -> bool:
    """Say whether a text is no article but asks for consent, reports an error or looks out for robots.

    Only short texts can be: those with the title of an error page, and those most of which only such pages say. An
    article about cookies, or about a site that is down, is neither.
    """
    if len(text) <= _LONGEST_BY_TITLE and title and _TITLE.fullmatch(title.strip(" .…!?|–-")):
        return True
    if len(text) > _LONGEST:
        return False
    is_wall = _WALL.search(text) is not None
    sentences = [sentence for sentence in _SENTENCE_END.split(_QUOTED.sub("“”", text)) if sentence.strip()]
    refusing = (each for each in sentences if _REFUSING.search(each) or (is_wall and _ASKING.search(each)))
    return sum(map(len, refusing)) >= _MOST * sum(map(len, sentences))
