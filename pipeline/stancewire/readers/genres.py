"""The genre of a page, where the page itself says so: its JSON-LD type, its section, or a folder of its URL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from stancewire.readers.marks import Marks, Stated, types_of, words_in

# A plain NewsArticle says nothing, as op-eds have that type, too.
_BY_TYPE = {
    "opinionnewsarticle": "op-ed",
    "reportagenewsarticle": "report",
    "analysisnewsarticle": "analysis",
}
# Names of sections that hold nothing else, in the spelling of `_plain`. Left out are names that mean other things too:
# "debate" has interviews, "tribuna" sport, "statements" and "letters" are by others, "articles" may be reports.
_SECTIONS = {
    "op-ed": "opinion,opinions,op ed,op eds,oped,commentary,commentaries,comment,comment is free,commentisfree,column,"
    "columns,columnist,columnists,viewpoint,viewpoints,guest essay,guest essays,guest column,guest commentary,"
    "meinung,meinungen,kommentar,kommentare,gastkommentar,gastkommentare,gastbeitrag,gastbeiträge,kolumne,kolumnen,"
    "tribunes,opinión,opiniones,columnas,columnistas,opinioni,opinião,opiniões,colunas,colunistas,opinie,opinies,"
    "felieton,felietony,debatt,kronikk,kronikker,мнение,мнения,колонка,колонки,köşe yazısı,köşe yazıları,"
    "رأي,الرأي,آراء,یادداشت,دیدگاه",
    "editorial": "editorial,editorials,leading article,leading articles,leitartikel,éditorial,éditoriaux,édito,éditos,"
    "editoriales,editoriale,editoriali,editoriais,افتتاحية,سرمقاله",
    "interview": "interview,interviews,entretien,entretiens,entrevista,entrevistas,intervista,interviste,wywiad,"
    "wywiady,интервью,röportaj,röportajlar,مقابلة,مقابلات,مصاحبه,گفتوگو",
    "statement": "press release,press releases,press statement,press statements,pressemitteilung,pressemitteilungen,"
    "communiqué de presse,communiqués de presse,comunicado de prensa,comunicados de prensa,comunicato stampa,"
    "comunicati stampa,persbericht,persberichten,пресс релиз,пресс релизы,بيان صحفي,بيانات صحفية",
    "analysis": "analysis,analyses,news analysis,analyse,analysen,análisis,analisi,análise,análises,analiza,analizy,"
    "аналитика,تحليل,تحليلات,تحلیل",
}
_JOINERS = {0x200C: None, 0x200D: None}
_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_SECTION_METAS = (
    "article:section",
    "article:subsection",
    "og:article:section",
    "og:section",
    "articlesection",
    "parsely-section",
    "section",
    "category",
    "genre",
)
_SEPARATORS = re.compile("[,;|/>»›]")


def genre_of(marks: Marks, url: str | None) -> Stated[str] | None:
    """Return "report", "op-ed", "editorial", "interview", "statement" or "analysis"; None where nothing is said.

    None as well where signs disagree; only an editorial may stand among op-eds. The words are the sample corpus's:
    `stancewire.voices` takes the author's own voice from reports and interviews, so that a wrong one costs records.
    """
    named: dict[str, Stated[str]] = {}
    for sign in (*_named_by_type(marks), *_named_by_section(marks), *_named_by_url(url)):
        named.setdefault(sign.value, sign)
    if "editorial" in named:
        named.pop("op-ed", None)
    return next(iter(named.values())) if len(named) == 1 else None


def _named_by_type(marks: Marks) -> Iterator[Stated[str]]:
    for thing in marks.articles[:1]:
        for kind in map(str.casefold, types_of(thing)):
            if kind in _BY_TYPE:
                yield Stated(value=_BY_TYPE[kind], origin="JSON-LD @type")


def _named_by_section(marks: Marks) -> Iterator[Stated[str]]:
    for section in _sections(marks):
        yield from _known((section.value, *_SEPARATORS.split(section.value)), origin=section.origin)
    yield from _known(_breadcrumbs(marks), origin="JSON-LD breadcrumb")


def _sections(marks: Marks) -> Iterator[Stated[str]]:
    yield from marks.stated(*_SECTION_METAS)
    for thing in marks.articles[:1]:
        for name in ("articleSection", "genre"):
            yield from (Stated(value=each, origin=f"JSON-LD {name}") for each in words_in(thing.get(name)))


def _breadcrumbs(marks: Marks) -> Iterator[str]:
    """Yield the names of the sections that the page stands in, and its own where it is listed below them."""
    for thing in marks.things:
        listed = thing.get("itemListElement")
        if "BreadcrumbList" not in types_of(thing) or not isinstance(listed, list):
            continue
        for crumb in (crumb for crumb in listed if isinstance(crumb, dict)):
            item = crumb.get("item")
            yield from words_in(crumb.get("name") or (item.get("name") if isinstance(item, dict) else None))


def _named_by_url(url: str | None) -> Iterator[Stated[str]]:
    """Yield what the folders and subdomains of a URL name: /opinion/ does, the page's own name never does."""
    try:
        parts = urlsplit(url or "")
        subdomains = (parts.hostname or "").split(".")[:-2]
    except ValueError:  # no URL, though the page says so
        return
    yield from _known([*unquote(parts.path).split("/")[:-1], *subdomains], origin="URL")


def _known(names: Iterable[str], *, origin: str) -> Iterator[Stated[str]]:
    for name in map(_plain, names):
        if name in _BY_SECTION:
            yield Stated(value=_BY_SECTION[name], origin=origin)


def _plain(name: str) -> str:
    """Return a name in small letters without accents and joiners, with single spaces for what is no letter."""
    letters = normalize("NFKD", name.casefold()).translate(_ACCENTS | _JOINERS)
    return " ".join(re.findall(r"[^\W_]+", letters))


_BY_SECTION = {_plain(name): genre for genre, names in _SECTIONS.items() for name in names.split(",")}
