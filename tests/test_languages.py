"""What language an article is in, by its text and its metadata."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stancewire.languages import Language, detect, language_of, unknown_language
from stancewire.types import Article

KNOWN = {"en"}

# The same five sentences of news.
PARAGRAPHS = {
    "en": """\
The council voted on Tuesday to reopen the secondary schools for girls in all provinces.
Officials in Kabul denied that the talks with the opposition had collapsed.
“We will not sign an agreement that ignores our people,” the minister told reporters.
Prices of flour and fuel rose sharply after the border was closed last week.
Human rights groups called on the government to release the detained journalists.""",
    "fa": """\
شورای وزیران روز سه‌شنبه تصمیم گرفت که مکتب‌های دخترانه در همه ولایت‌ها دوباره باز شوند.
مقام‌های دولتی در کابل شکست گفتگوها با مخالفان را رد کردند.
وزیر به خبرنگاران گفت: «ما توافقی را که مردم ما را نادیده بگیرد امضا نخواهیم کرد.»
پس از بسته شدن مرز در هفته گذشته، بهای آرد و سوخت به شدت افزایش یافت.
گروه‌های حقوق بشر از حکومت خواستند که روزنامه‌نگاران بازداشت‌شده را آزاد کند.""",
    "ps": """\
د وزیرانو شورا د سه‌شنبې په ورځ پرېکړه وکړه چې په ټولو ولایتونو کې د نجونو ښوونځي بېرته پرانیستل شي.
په کابل کې حکومتي چارواکو د مخالفانو سره د خبرو ماتې رد کړه.
وزیر خبریالانو ته وویل: «موږ به داسې تړون لاسلیک نه کړو چې زموږ خلک له پامه غورځوي.»
تېره اوونۍ د پولې له تړل کېدو وروسته د اوړو او تېلو بیې ډېرې لوړې شوې.
د بشري حقونو ډلو له حکومت څخه وغوښتل چې نیول شوي خبریالان خوشې کړي.""",
    "ar": """\
قرر مجلس الوزراء يوم الثلاثاء إعادة فتح المدارس الثانوية للبنات في جميع الولايات.
نفى مسؤولون في كابول انهيار المحادثات مع المعارضة.
وقال الوزير للصحفيين: «لن نوقع اتفاقا يتجاهل شعبنا».
ارتفعت أسعار الدقيق والوقود بشكل حاد بعد إغلاق الحدود الأسبوع الماضي.
دعت منظمات حقوق الإنسان الحكومة إلى إطلاق سراح الصحفيين المعتقلين.""",
    "ur": """\
کابینہ نے منگل کو فیصلہ کیا کہ تمام صوبوں میں لڑکیوں کے ثانوی اسکول دوبارہ کھولے جائیں گے۔
کابل میں حکام نے حزب اختلاف کے ساتھ مذاکرات کی ناکامی کی تردید کی ہے۔
وزیر نے صحافیوں سے کہا کہ ہم ایسے معاہدے پر دستخط نہیں کریں گے جو ہمارے عوام کو نظر انداز کرے۔
گزشتہ ہفتے سرحد بند ہونے کے بعد آٹے اور ایندھن کی قیمتوں میں تیزی سے اضافہ ہوا۔
انسانی حقوق کی تنظیموں نے حکومت سے گرفتار صحافیوں کو رہا کرنے کا مطالبہ کیا۔""",
    "tr": """\
Bakanlar Kurulu salı günü bütün illerde kız liselerinin yeniden açılmasına karar verdi.
Kabil'deki yetkililer muhalefetle yapılan görüşmelerin çöktüğünü yalanladı.
Bakan gazetecilere, “Halkımızı yok sayan bir anlaşmayı imzalamayacağız” dedi.
Geçen hafta sınırın kapatılmasının ardından un ve yakıt fiyatları hızla yükseldi.
İnsan hakları örgütleri hükümeti tutuklu gazetecileri serbest bırakmaya çağırdı.""",
    "fr": """\
Le conseil des ministres a décidé mardi de rouvrir les lycées de filles dans toutes les provinces.
À Kaboul, des responsables ont démenti l'échec des pourparlers avec l'opposition.
« Nous ne signerons pas un accord qui ignore notre peuple », a déclaré le ministre aux journalistes.
Les prix de la farine et du carburant ont fortement augmenté après la fermeture de la frontière.
Des organisations de défense des droits humains ont appelé le gouvernement à libérer les journalistes.""",
    "de": """\
Der Ministerrat beschloss am Dienstag, die Mädchenschulen in allen Provinzen wieder zu öffnen.
Vertreter der Regierung in Kabul bestritten, dass die Gespräche mit der Opposition gescheitert seien.
„Wir werden kein Abkommen unterzeichnen, das unser Volk übergeht“, sagte der Minister vor Journalisten.
Nach der Schließung der Grenze in der vergangenen Woche stiegen die Preise für Mehl und Benzin stark.
Menschenrechtsgruppen forderten die Regierung auf, die inhaftierten Journalisten freizulassen.""",
    "es": """\
El consejo de ministros decidió el martes reabrir los institutos para niñas en todas las provincias.
Funcionarios en Kabul negaron que hubieran fracasado las conversaciones con la oposición.
«No firmaremos un acuerdo que ignore a nuestro pueblo», dijo el ministro a los periodistas.
Los precios de la harina y del combustible subieron con fuerza tras el cierre de la frontera.
Grupos de derechos humanos pidieron al gobierno que liberara a los periodistas detenidos.""",
    "ru": """\
Совет министров во вторник решил вновь открыть средние школы для девочек во всех провинциях.
Официальные лица в Кабуле опровергли сообщения о провале переговоров с оппозицией.
«Мы не подпишем соглашение, которое не учитывает мнение нашего народа», — сказал министр журналистам.
Цены на муку и топливо резко выросли после закрытия границы на прошлой неделе.
Правозащитные организации призвали правительство освободить задержанных журналистов.""",
    "zh": """\
部长会议周二决定在所有省份重新开放女子中学。
喀布尔官员否认与反对派的谈判已经破裂。
部长对记者说：“我们不会签署一项无视我们人民的协议。”
上周边境关闭后，面粉和燃料的价格大幅上涨。
人权组织呼吁政府释放被拘留的记者。""",
    "hi": """\
मंत्रिपरिषद ने मंगलवार को सभी प्रांतों में लड़कियों के माध्यमिक विद्यालय फिर से खोलने का निर्णय लिया।
काबुल में अधिकारियों ने विपक्ष के साथ वार्ता विफल होने से इनकार किया।
मंत्री ने पत्रकारों से कहा, “हम ऐसे समझौते पर हस्ताक्षर नहीं करेंगे जो हमारे लोगों की अनदेखी करे।”
पिछले सप्ताह सीमा बंद होने के बाद आटे और ईंधन की कीमतें तेज़ी से बढ़ गईं।
मानवाधिकार संगठनों ने सरकार से हिरासत में लिए गए पत्रकारों को रिहा करने की माँग की।""",
    "id": """\
Dewan menteri pada hari Selasa memutuskan untuk membuka kembali sekolah menengah bagi anak perempuan.
Para pejabat di Kabul membantah bahwa perundingan dengan pihak oposisi telah gagal.
“Kami tidak akan menandatangani perjanjian yang mengabaikan rakyat kami,” kata menteri kepada wartawan.
Harga tepung dan bahan bakar naik tajam setelah perbatasan ditutup pekan lalu.
Kelompok hak asasi manusia mendesak pemerintah membebaskan para wartawan yang ditahan.""",
    "it": """\
Il consiglio dei ministri ha deciso martedì di riaprire le scuole femminili in tutte le province.
Funzionari a Kabul hanno smentito il fallimento dei colloqui con l'opposizione.
«Non firmeremo un accordo che ignora il nostro popolo», ha detto il ministro ai giornalisti.
I prezzi della farina e del carburante sono saliti bruscamente dopo la chiusura del confine.
Le organizzazioni per i diritti umani hanno chiesto al governo di liberare i giornalisti arrestati.""",
    "pt": """\
O conselho de ministros decidiu na terça-feira reabrir as escolas para meninas em todas as províncias.
Autoridades em Cabul negaram que as negociações com a oposição tenham fracassado.
“Não assinaremos um acordo que ignore o nosso povo”, disse o ministro aos jornalistas.
Os preços da farinha e do combustível subiram muito depois do fechamento da fronteira.
Grupos de direitos humanos pediram ao governo que libertasse os jornalistas detidos.""",
    "nl": """\
De ministerraad besloot dinsdag de middelbare scholen voor meisjes in alle provincies te heropenen.
Functionarissen in Kabul ontkenden dat de gesprekken met de oppositie waren mislukt.
“Wij tekenen geen akkoord dat ons volk negeert”, zei de minister tegen verslaggevers.
De prijzen van meel en brandstof stegen scherp nadat de grens vorige week werd gesloten.
Mensenrechtenorganisaties riepen de regering op de gevangen journalisten vrij te laten.""",
    "uz": """\
Vazirlar kengashi seshanba kuni barcha viloyatlarda qizlar maktablarini qayta ochishga qaror qildi.
Kobuldagi rasmiylar muxolifat bilan muzokaralar barbod bo‘lganini rad etdi.
“Biz xalqimizni e’tiborsiz qoldiradigan kelishuvni imzolamaymiz”, dedi vazir jurnalistlarga.
O‘tgan hafta chegara yopilganidan keyin un va yoqilg‘i narxi keskin oshdi.
Inson huquqlari tashkilotlari hukumatni hibsga olingan jurnalistlarni ozod qilishga chaqirdi.""",
    "ja": """\
閣僚評議会は火曜日、すべての州で女子中学校を再開することを決定した。
カブールの当局者は、反対派との協議が決裂したことを否定した。
「国民を無視する合意には署名しない」と大臣は記者団に語った。
先週国境が閉鎖された後、小麦粉と燃料の価格が急騰した。
人権団体は政府に対し、拘束された記者の釈放を求めた。""",
    "sv": """\
Ministerrådet beslutade på tisdagen att åter öppna flickskolorna i alla provinser.
Tjänstemän i Kabul förnekade att samtalen med oppositionen hade brutit samman.
”Vi kommer inte att skriva under ett avtal som struntar i vårt folk”, sade ministern till journalister.
Priserna på mjöl och bränsle steg kraftigt efter att gränsen stängdes förra veckan.
Människorättsgrupper uppmanade regeringen att frige de fängslade journalisterna.""",
}
LICENCE = (
    "All content by the agency is licensed under a Creative Commons Attribution 4.0 International License."
)
NAMES = (
    "Hamid Karzai, Abdullah Abdullah, Ashraf Ghani, Gulbuddin Hekmatyar, Abdul Rashid Dostum, Mohammad Mohaqiq, "
    "Karim Khalili, Yunus Qanuni, Atta Mohammad Noor, Ismail Khan, Burhanuddin Rabbani, Sibghatullah Mojaddedi"
)
ENGLISH = PARAGRAPHS["en"]
PERSIAN = PARAGRAPHS["fa"]


def article(text: str, *, language: str | None = None) -> Article:
    return Article(id="a1", source="news.jsonl:1", text=text, language=language)


def told(text: str, *, language: str | None = None) -> str | None:
    return unknown_language(language_of(article(text, language=language)), KNOWN)


@pytest.mark.parametrize("code", PARAGRAPHS)
def test_a_paragraph_of_news_is_in_its_language(code: str) -> None:
    assert detect(PARAGRAPHS[code]) == code


def test_every_sentence_in_english_is() -> None:
    assert {detect(sentence) for sentence in ENGLISH.splitlines()} == {"en"}


@pytest.mark.parametrize("code", [code for code in PARAGRAPHS if code != "en"])
def test_no_sentence_in_another_language_is_english(code: str) -> None:
    assert "en" not in map(detect, PARAGRAPHS[code].splitlines())


def test_english_with_long_quotations_in_persian_is_english() -> None:
    quoted = PERSIAN.splitlines()[2]
    assert detect(f"{ENGLISH}\n“{quoted}”\n{ENGLISH}\nHe added: “{quoted}”") == "en"


def test_english_that_quotes_persian_in_every_other_sentence_is_not_persian() -> None:
    pairs = zip(ENGLISH.splitlines(), PERSIAN.splitlines(), strict=True)
    assert detect("\n".join(f"{said} “{quoted}”" for said, quoted in pairs)) != "fa"


def test_english_full_of_names_is_english() -> None:
    assert detect(f"{ENGLISH}\nAmong those who came were {NAMES}.\n{ENGLISH}") == "en"


def test_a_bare_list_of_names_is_in_no_language() -> None:
    assert detect(NAMES) is None


@pytest.mark.parametrize("code", ["en", "de", "ru", "tr"])
def test_capitals_are_read(code: str) -> None:
    assert detect("n. " + PARAGRAPHS[code].upper()) == code


def test_persian_under_an_english_menu_and_licence_is_persian() -> None:
    assert detect(f"Home News World Sport\n{PERSIAN}\n{PERSIAN}\n{LICENCE}") == "fa"


def test_a_text_beside_its_translation_is_in_neither() -> None:
    assert detect(f"{ENGLISH}\n\n{PARAGRAPHS['fr']}") is None


def test_dari_words_are_persian() -> None:
    assert detect("شورای ولایتی می‌گوید که مکتب‌ها و پوهنتون‌ها به روی دختران باز می‌شود.") == "fa"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n" * 5000,
        "Kabul",
        "😀" * 300,
        "1,204 33.5 88 1.9 2024-03-11 17:20 | 441 | 902 | 12 %\n" * 30,
        "https://www.example.org/news/56459/ https://t.co/abc123\n" * 20,
        '<div class="nav"><ul><li><a href="/x">x</a></li></ul></div>\n' * 20,
    ],
    ids=["empty", "blank", "word", "emoji", "numbers", "addresses", "markup"],
)
def test_what_is_no_prose_is_in_no_language(text: str) -> None:
    assert detect(text) is None


def test_code_is_not_taken_for_a_foreign_language() -> None:
    code = "def read(path):\n    with open(path) as lines:\n        return [json.loads(line) for line in lines]\n\n"
    assert detect(code * 5) in {"en", None}


def test_half_a_character_is_read_over() -> None:
    assert detect(f"\ud800 {ENGLISH}") == "en"


def test_the_language_of_a_huge_text_is_that_of_most_of_it() -> None:
    assert detect(ENGLISH * 20 + PERSIAN * 20_000) == "fa"


@pytest.mark.parametrize("stated", ["en", "fa", None])
def test_english_text_goes_on_whatever_is_stated(stated: str | None) -> None:
    assert told(ENGLISH, language=stated) is None


def test_persian_text_stated_as_english_is_named_with_both() -> None:
    said = "language is Persian (fa) by the text, though stated as 'en'; known: en"
    assert told(PERSIAN, language="en") == said


@pytest.mark.parametrize("stated", ["fa", "fas", "Persian", "prs", None])
def test_persian_text_that_nothing_contradicts_is_named_once(stated: str | None) -> None:
    assert told(PERSIAN, language=stated) == "language is Persian (fa); known: en"


def test_the_statement_decides_where_the_text_leaves_it_open() -> None:
    said = "language is stated as 'fa', and the text leaves it open; known: en"
    assert told("Kabul", language="fa") == said


@pytest.mark.parametrize("stated", ["en", "EN", "eng", "English"])
def test_english_stated_in_other_words_is_english(stated: str) -> None:
    assert told("Kabul", language=stated) is None


@pytest.mark.parametrize("stated", [None, "und", "mul", "zxx", "xx", "news", "Unknown language"])
def test_an_article_goes_on_where_nothing_tells_its_language(stated: str | None) -> None:
    assert told("Kabul", language=stated) is None


def test_an_article_in_any_known_language_goes_on() -> None:
    assert unknown_language(Language(stated=None, detected="fa"), {"en", "fa"}) is None


def test_known_languages_are_listed_in_order() -> None:
    said = unknown_language(Language(stated=None, detected="ps"), {"fa", "en"})
    assert said == "language is Pashto (ps); known: en, fa"


def test_records_carry_the_stated_language() -> None:
    assert language_of(article(PERSIAN, language="en")).recorded == "en"


def test_records_carry_the_detected_language_where_none_is_stated() -> None:
    assert language_of(article(PERSIAN)).recorded == "fa"


def test_records_carry_no_language_where_nothing_tells() -> None:
    assert language_of(article("Kabul")).recorded is None


def test_the_libraries_are_loaded_on_use() -> None:
    code = "import sys, stancewire.languages; print({'py3langid', 'babel', 'numpy'} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
