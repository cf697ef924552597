"""Words that carry no subject of their own: what is left without them says what a text is about.

Only short texts are compared by this (knowledge/search/likeness.py). The index keeps every word: BM25 weighs the
frequent ones down by itself, and people search for phrases.
"""

from functools import cache

from knowledge.search.analysis.words import normalise

# As people write them; every form counts for itself. Question words first, then what ties words together.
_WORDS = {
    "en": """
        how what when where which who whom whose why whether
        a an the this that these those there here it its they them their theirs he she him her his hers
        i me my mine we us our ours you your yours one ones
        am is are was were be been being do does did doing done have has had having will would shall should can
        could may might must ought need
        and or but nor so if then than because as of at by for with about against between into through during before
        after above below to from up down in out on off over under again once
        not no yes any some all each every both few more most other another such own same too very just only also
        much many long often really please tell say said know think want like get got make made go going
        please thank thanks hello
    """,
    "et": """
        kas kes keda kellel kellele kelle mis mida mille millal millest millega millele kus kust kuhu kuidas miks
        milline millised missugune mitu palju kui
        ma mina me meie sa sina te teie ta tema nad nemad mind meid sind teid teda neid mul meil sul teil tal neil
        minu mu meie sinu su teie tema nende oma enda enese see seda selle sellest selles sellel need nende neid too
        siin seal siis nii
        on ole oli olid olla oleks olen oleme olete pole polnud saab saaks saavad saada sai võib võiks võivad peab
        peaks peavad tuleb tuleks teha teete tegite tegi
        ja ning või ega aga kuid vaid et sest nagu ka veel juba ainult väga üldse üks ühe mõni mõne kõik iga teine
        teise ei ära jah palun tänan aitäh tere
        ise peale pärast enne koos ilma üle alla all juures kohta järgi läbi eest vastu poolt poole
    """,
    "uk": """
        хто кого кому ким що чого чому чим як який яка яке які якої яких якого якій якому яким якими де куди звідки
        коли скільки чи навіщо чий
        я ми ти ви він вона воно вони мене мені нас нам тебе тобі вас вам його йому її їй їх їм ним ними нею
        мій моя моє мої наш наша наше наші ваш ваша ваше ваші вашої вашому ваших свій своя своє свої їхній їхня їхні
        цей ця це ці цього цієї цих цим той та те ті того тієї тих тим там тут тоді так такий така таке такі
        є немає нема був була було були бути буде будуть може можуть можна треба слід потрібно має мають
        робити робите робили
        і й та а але або чи бо щоб якщо хоча ні не без в у на з із зі до від за для про по під над при через між
        після перед щодо
        все всі всіх усі усіх весь кожен інший інша інші сам самі також теж ще вже лише тільки дуже більше
        будь ласка дякую добрий день
    """,
    "mn": """
        хэн хэнд хэнээс хэний хэнийг юу юуг юунд юунаас юугаар яаж яагаад яах хэрхэн хэзээ хаана хаанаас хааш аль
        алийг ямар хэд хэдэн хэдийг хэдээс хэр
        вэ бэ уу үү юу ээ шүү дээ даа биз билээ юм
        би бид чи та тэр тэд энэ эдгээр тэдгээр миний бидний таны чиний түүний тэдний түүнд түүнийг манай танай
        надад намайг бидэнд биднийг танд таныг тэдэнд тэднийг үүнд үүнийг үүнээс үүний энд тэнд нь өөр өөрийн өөрөө
        байна байгаа байсан байх байдаг байв бол болон болох болно болсон болдог болгох гэж гэсэн гэх гэдэг гэхэд
        хийх хийсэн хийдэг хийж хэрэгтэй ёстой боломжтой чадах чадаж чадсан бий байхгүй үгүй биш тийм
        ба бөгөөд эсвэл харин хэрэв тул учраас мөн бас зөвхөн илүү маш их бүх бүхэн бүр зарим нэг ийм тийм
        дээр доор дотор хойш өмнө дараа тухай талаар руу рүү хүртэл хамт
        баярлалаа сайн уу
    """,
}


@cache
def function_words(base: str) -> frozenset[str]:
    """Those of a language, normalised; none where we know none."""
    return frozenset(filter(None, map(normalise, _WORDS.get(base, "").split())))
