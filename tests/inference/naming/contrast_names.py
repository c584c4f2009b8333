"""T1 by name, before or after a contrast agent, as people in many languages write it."""

from typing import Final

BEFORE: Final = (
    "T1 vor KM", "T1 ohne KM", "T1 nativ", "T1_native", "T1 ohne Kontrastmittel",
    "T1 vor Kontrastmittelgabe", "T1 kein KM", "T1 vor Gabe von KM", "T1 nicht KM", "T1 -KM",
    "T1 KM-", "T1 before contrast", "T1 without contrast", "T1 w/o contrast", "T1 wo contrast",
    "T1 no contrast", "T1 non-contrast", "T1 noncontrast", "no contrast T1", "T1 pre",
    "T1 precontrast", "T1 pre-Gd", "T1 unenhanced", "T1 prior to contrast", "T1 before injection",
    "T1 contrast-free", "T1 contrast none", "T1 C-", "T1 -C", "T1n", "T1 w/o Gad", "T1 s/c",
    "T1_before_Gadovist", "T1 sans injection", "T1 non injecté", "T1 avant injection",
    "T1 sans gado", "T1 avant gadolinium", "T1 sans produit de contraste", "T1 pas de contraste",
    "T1 sans PDC", "T1 senza mdc", "T1 senza m.d.c.", "T1 senza mezzo di contrasto",
    "T1 prima del mdc", "T1 basale", "T1 pre mdc", "T1 sin contraste", "T1 antes de contraste",
    "T1 simple", "T1 sin gadolinio", "T1 no contrastado", "T1 sem contraste", "T1 pré-contraste",
    "T1 antes do contraste", "T1 não contrastado", "T1 zonder contrast", "T1 voor contrast",
    "T1 blanco", "T1 geen contrast", "T1 bez kontrastu", "T1 przed kontrastem",
    "T1 bez kontrastní látky", "T1 před kontrastem", "T1 brez kontrasta", "T1 prije kontrasta",
    "T1 nativní", "T1 utan kontrast", "T1 före kontrast", "T1 uden kontrast", "T1 før kontrast",
    "T1 uten kontrast", "T1 ilman tehostetta", "T1 ennen tehosteainetta", "T1 kontraszt nélkül",
    "T1 kontraszt előtt", "T1 natív", "T1 fără contrast", "T1 înainte de contrast",
    "T1 без контраста", "T1 до контраста", "Т1 без КВ", "T1 нативная", "T1 перед контрастуванням",
    "T1 преди контраст", "T1 χωρίς σκιαγραφικό", "T1 πριν το σκιαγραφικό", "T1 kontrastsız",
    "T1 kontrast öncesi", "T1 ilaçsız", "T1 be kontrasto", "T1 pirms kontrasta",
    "T1 ilma kontrastita", "T1 sense contrast", "T1 平扫", "T1 增强前", "T1 未增强", "T1 无增强",
    "T1 注药前", "T1 造影前", "T1 非造影", "T1 造影なし", "T1 単純", "T1 조영전", "T1 비조영",
    "T1 조영제 없이", "T1 조영제 투여 전",
)  # fmt: skip
AFTER: Final = (
    "T1 nach KM", "T1 mit KM", "T1+KM", "T1 KM+", "T1 mit Kontrastmittel",
    "T1 nach Kontrastmittelgabe", "t1km", "T1 after contrast", "T1 with contrast",
    "T1 w/ contrast", "T1 post", "T1 postcon", "T1 post-contrast", "T1 C+", "T1 +C", "T1c",
    "T1ce", "T1Gd", "T1 contrast", "T1 contrast-enhanced", "T1 post injection", "T1w_enhanced",
    "T1 Gadovist", "T1 Gadavist", "T1 Dotarem", "T1 Clariscan", "T1 ProHance", "T1 Magnevist",
    "T1 MultiHance", "T1 Omniscan", "T1 Vueway", "T1 Elucirem", "T1 Primovist", "T1 gadobutrol",
    "T1 Gd-DTPA", "T1 Dotagraf", "T1 injecté", "T1 après injection", "T1 avec gado",
    "T1 apres PDC", "T1 IV+", "T1 con mdc", "T1 dopo mdc", "T1 mdc", "T1 post mdc",
    "T1 con mezzo di contrasto", "T1 con contraste", "T1 con gadolinio", "T1 contrastada",
    "T1 tras contraste", "T1 com contraste", "T1 pós-contraste", "T1 met contrast",
    "T1 na contrast", "T1 z kontrastem", "T1 po kontraście", "T1 s kontrastem", "T1 po kontrastu",
    "T1 nakon kontrasta", "T1 med kontrast", "T1 efter kontrast", "T1 etter kontrast",
    "T1 tehosteen jälkeen", "T1 kontraszt után", "T1 cu contrast", "T1 după contrast",
    "T1 с контрастом", "T1 после контраста", "T1 с КВ", "T1 після контрасту", "T1 με σκιαγραφικό",
    "T1 μετά το σκιαγραφικό", "T1 kontrastlı", "T1 kontrast sonrası", "T1 po kontrasto",
    "T1 pec kontrasta", "T1 增强", "T1增强", "T1 增强后", "T1 强化", "T1 注药后", "T1 造影後",
    "T1 造影", "T1 造影あり", "T1 조영후", "T1 조영증강", "T1 조영제 투여 후",
    "sub-01_ses-1_acq-ce_T1w", "sub-01_ce-gadolinium_T1w",
)  # fmt: skip
# May be initials, an operation, or a word that nobody here knows.
ASK: Final = (
    "KM_T1", "GD T1", "7_KM_T1", "P12 CE T1", "T1 mit und ohne KM", "T1 pre and post contrast",
    "T1 post op", "T1 xwyz contrast", "T1 contrast zzz", "T1 ungesehen KM", "T1 qqq Gadovist",
    "T1 w/o & w contrast",
)  # fmt: skip
