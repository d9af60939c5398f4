"""The words that the rules of this stage go by: who can hold a stance without being named."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def plural_of(noun: str) -> str:
    """Return the regular plural of a noun of this lexicon."""
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "sh", "ch", "x")) else f"{noun}s"


# Nouns for one person; their plurals name groups.
PERSON_NOUNS = _words(
    "academic activist actor administrator adviser advisor advocate agent aide ally ambassador analyst "
    "attacker author ayatollah backer believer bomber boss cabinet-member campaigner candidate captain "
    "chairman chairperson chairwoman chancellor chief citizen civilian cleric colleague colonel columnist "
    "commander commentator commissioner compatriot congressman congresswoman conservative consul "
    "coordinator correspondent councillor counsel counterpart countryman critic defector defender "
    "delegate demonstrator deputy dignitary diplomat director dissident doctor donor economist editor "
    "elder emir employee envoy executive expert extremist eyewitness farmer father fighter foe follower "
    "general governor guard guerrilla head historian human-rights-defender imam insider inspector "
    "insurgent intellectual interpreter investigator islamist jihadist journalist judge king landowner "
    "lawmaker lawyer leader legislator liberal lieutenant loyalist manager marshal mayor mediator member "
    "merchant militant minister moderate monarch mother mp mullah negotiator neighbor neighbour newcomer "
    "observer officer official opponent organiser organizer owner parliamentarian participant partner "
    "patient patron peacekeeper physician pilgrim police-chief policeman politician practitioner prayer- "
    "leader premier president prime-minister prince princess principal prisoner professional professor "
    "prosecutor protester protestor ranger rapporteur rebel reformer reformist refugee relative reporter "
    "representative republican researcher resident returnee rival ruler scholar scientist secretary "
    "secretary-general senator sergeant sheikh soldier source speaker specialist spokesman spokesperson "
    "spokeswoman staffer statesman strategist student successor supporter survivor sympathiser "
    "sympathizer taxpayer teacher technocrat terrorist theologian trader traditionalist translator "
    "tribesman undersecretary veteran vice-president victim villager voter warlord witness worker "
    "worshiper worshipper writer"
)

# Nouns for people in general: bare they say nobody in particular, so they need words beside them.
PEOPLE_NOUNS = _words(
    "agencies agency boy boys child children circle circles communities community countries country "
    "faction factions families family figure figures force forces girl girls group groups human humans "
    "individual individuals institution institutions man men nation nations organisation organisations "
    "organization organizations parent parents parties party people person personalities personality "
    "persons populace population public side sides society state states woman women world youth"
)

# Nouns in the singular that name many people; their plurals do so too.
GROUP_NOUNS = _words(
    "alliance bloc camp caste circle clan clergy coalition community contingent crowd delegation diaspora "
    "elite ethnicity faction family figure force gang group grouping intelligentsia leadership majority "
    "minority mob opposition parent personality populace public resistance section segment society "
    "spectrum sphere squad staff team tribe troop wing youth"
)
PLURAL_GROUPS = _words(
    "afghans authorities boys children clergy elders girls jihadis masses men mujahedin mujahideen "
    "mujahidin people personnel police troops ulema women youths"
)

# Nouns for bodies that act as one.
ORGANISATION_NOUNS = _words(
    "administration agency alliance army assembly association authority bank board body bureau cabinet "
    "chamber church commission committee company confederation congress corporation council court "
    "department directorate embassy emirate federation firm force foundation front government guild "
    "headquarters institute institution jirga judiciary junta league legislature militia ministry mission "
    "movement network newspaper ngo office opposition organisation organization outlet panel parliament "
    "party platform-party regime secretariat senate shura state-department syndicate think-tank tribunal "
    "union university"
)
STATE_NOUNS = _words("country kingdom nation neighbor neighbour republic state")
PLURAL_STATES = frozenset(plural_of(noun) for noun in STATE_NOUNS)
NUMBERS = _words("two three four five six seven eight nine ten eleven twelve")

# Nouns that only measure: a holder is what comes after their "of".
MEASURE_NOUNS = _words(
    "array band bulk couple crowd dozens group half handful host hundreds lot majority millions minority "
    "number pair part parts percent portion quarter range rest scores section segment series third "
    "thousands"
)
QUANTIFIERS = _words(
    "all another any both each eight either everyone few five four half many most neither nine none one "
    "others seven several six some ten three two"
)
BARE_HOLDERS = _words("few many most others several some")

PLURAL_PERSONS = frozenset(plural_of(noun) for noun in PERSON_NOUNS) | _words("statesmen")
PLURAL_BODIES = frozenset(
    plural_of(noun) for noun in GROUP_NOUNS | ORGANISATION_NOUNS | STATE_NOUNS
) - _words(
    "bodies camps chambers companies figures-of-speech foundations headquarters offices sections spheres "
    "wings"
)
PLURAL_HOLDERS = PLURAL_PERSONS | PLURAL_BODIES | PLURAL_GROUPS
HOLDER_NOUNS = PERSON_NOUNS | GROUP_NOUNS | ORGANISATION_NOUNS | STATE_NOUNS | PLURAL_HOLDERS

# Bodies of a state: "this group" never points back to one.
STATE_BODY_WORDS = _words(
    "administration assembly bank congress court department embassy government jirga ministry nations "
    "office parliament republic senate union university"
)

# What a bare word for a kind of actor can point back to, beside a name that contains the word itself.
GENERIC_ORGANISATION = _words("faction front group militia movement network organisation organization outfit")
GENERIC_PERSONS = _words(
    "academic analyst cleric diplomat envoy expert lawmaker leader legislator mp official parliamentarian "
    "politician premier scholar statesman"
)
RANKS = _words("chief former high late leading new prominent ranking same senior top veteran")
GENERIC_SEGMENT = _words("camp faction part section segment wing")

TITLES = _words(
    "acting admiral ambassador ayatollah brigadier brother capt. captain chairman chairwoman chancellor "
    "chief col col. colonel commander commissioner dame deputy director doctor dr dr. emir eng. engineer "
    "envoy ex-president father foreign former gen gen. general governor haji hajji hojatoleslam "
    "hojjatoleslam hujjat-ul-islam imam judge justice king lady leader lieutenant lord lt lt. maj. major "
    "marshal maulawi maulvi mawlavi mawlawi mayor minister miss molla molvi moulvi mr mr. mrs mrs. ms ms. "
    "mufti mulla mullah pope premier president prime prince princess prof prof. professor qari queen rear "
    "rep. representative rev. reverend sardar secretary sen. senator sergeant shaikh sheik sheikh sir "
    "sister speaker spokesman spokesperson spokeswoman then-president ustad ustaz vice vice-president"
)
# Titles that people are known by, so that one name alone keeps them: "Mullah Omar", "Pope Francis".
LASTING_TITLES = _words(
    "emir king maulawi maulvi mawlavi mawlawi molla moulvi mulla mullah pope prince qari queen"
)
FEMALE_TITLES = _words("chairwoman dame lady madam miss mrs mrs. ms ms. princess queen sister spokeswoman")
MALE_TITLES = _words(
    "ayatollah brother chairman haji hajji imam king lord maulawi maulvi mawlawi molla mr mr. mulla "
    "mullah pope prince sheikh sir spokesman"
)

EVENT_WORDS = _words(
    "accord accords act agreement airport award bill border bridge century championship charter "
    "conference constitution convention cup day deal declaration decree dialogue doctrine eid festival "
    "games hall highway hospital hotel initiative lake law licence license meeting memorandum mosque mou "
    "mountains nowruz olympics operation pact palace pipeline plan port prize process project protocol "
    "province ramadan resolution revolution river road sea session square stadium street summit talks "
    "times treaty valley war wars week wetland"
)
BODY_WORDS_IN_NAMES = _words(
    "agency commission committee council ministry mission movement organisation organization party "
    "secretariat union university"
)

SPEECH_NOUNS = _words(
    "announcement appeal argument belief beliefs call calls claim claims comment comments condemnation "
    "commitment criticism decision demand demands insistence objection objections opinion opposition pledge "
    "policy position proposal readiness refusal rejection remark remarks speech stance stand statement "
    "statements support view viewpoint views warning warnings willingness"
)
# Verbs that take somebody and then "of" something: "assured the minister of its support".
VERBS_WITH_OF = _words(
    "accuse accused accuses accusing assure assured assures assuring convince convinced convinces convincing "
    "inform informed informing informs notified notifies notify notifying reassure reassured reassures "
    "reassuring remind reminded reminding reminds suspect suspected suspects warn warned warning warns"
)
SPOKESPERSONS = _words("spokesman spokesperson spokeswoman")  # speak for a body, not for themselves
SPEECH_VERBS = _words(
    "acknowledged add added adds admitted announced announces argued argues asked asserted asserts backed "
    "believed believes called calls claimed claims commented condemned confirmed criticised criticized "
    "declared declares demanded demands denied denies denounced emphasised emphasized explained expressed "
    "hoped hopes insisted insists maintained maintains noted notes opposed opposes pointed proposed "
    "recalled reiterated rejected rejects remarked replied reported reports said say saying says stated "
    "states stipulated stressed stresses suggested supported supports tells thinks thought told tweeted "
    "underlined urged urges vowed warned warns welcomed wrote"
)
# Bodies whose noun also means an act: with "of" and no name, it is the act ("the commission of crimes").
ACTS_TOO = _words(
    "administration authority body chamber commission company force formation leadership mission movement "
    "office opposition party representation resistance union"
)
NEGATIVE_WORDS = _words("another any each every neither no such what whatever which whichever")
DEMONSTRATIVES = _words("that these this those")
ARTICLES = _words("a an the")
