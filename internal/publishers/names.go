package publishers

import "shanyraq"

// variants are names that publishers use for countries and that are not those
// of the Unicode repository, in small letters and without points.
var variants = map[string]shanyraq.CountryCode{
	"russian federation": "RUS", "republic of korea": "KOR", "korea, republic of": "KOR", "korea, rep": "KOR", "korea (south)": "KOR", "democratic people's republic of korea": "PRK", "dem people's republic of korea": "PRK",
	"korea, dem people's rep": "PRK", "iran (islamic republic of)": "IRN", "iran, islamic republic of": "IRN", "iran, islamic rep": "IRN", "viet nam": "VNM", "lao people's democratic republic": "LAO", "lao pdr": "LAO",
	"syrian arab republic": "SYR", "republic of moldova": "MDA", "moldova, republic of": "MDA", "united republic of tanzania": "TZA", "tanzania, united republic of": "TZA", "bolivia (plurinational state of)": "BOL",
	"venezuela (bolivarian republic of)": "VEN", "venezuela, rb": "VEN", "state of palestine": "PSE", "palestine, state of": "PSE", "west bank and gaza": "PSE", "palestinian territories": "PSE", "dem rep of the congo": "COD", "democratic republic of the congo": "COD",
	"congo, dem rep": "COD", "congo, rep": "COG", "republic of the congo": "COG", "cote d'ivoire": "CIV", "côte d'ivoire": "CIV", "ivory coast": "CIV", "cabo verde": "CPV", "cape verde": "CPV", "czech republic": "CZE", "swaziland": "SWZ",
	"the former yugoslav republic of macedonia": "MKD", "macedonia": "MKD", "macedonia, fyr": "MKD", "burma": "MMR", "myanmar/burma": "MMR", "timor-leste": "TLS", "east timor": "TLS", "brunei darussalam": "BRN", "united states of america": "USA",
	"united states": "USA", "us": "USA", "u.s": "USA", "usa": "USA", "great britain": "GBR", "uk": "GBR", "turkey": "TUR", "turkiye": "TUR", "kyrgyz republic": "KGZ", "kirghizia": "KGZ", "slovak republic": "SVK", "egypt, arab rep": "EGY",
	"yemen, rep": "YEM", "gambia, the": "GMB", "the gambia": "GMB", "bahamas, the": "BHS", "the bahamas": "BHS", "micronesia (fed states of)": "FSM", "micronesia (federated states of)": "FSM", "china, hong kong sar": "HKG", "hong kong sar, china": "HKG",
	"hong kong (china)": "HKG", "china, macao sar": "MAC", "macao sar, china": "MAC", "china, taiwan province of china": "TWN", "taiwan, china": "TWN", "chinese taipei": "TWN", "kosovo": "XKX", "holland": "NLD", "netherlands (kingdom of the)": "NLD",
	"united arab emirates": "ARE", "uae": "ARE", "byelorussia": "BLR", "белоруссия": "BLR", "киргизия": "KGZ", "молдавия": "MDA", "туркмения": "TKM", "южная корея": "KOR", "корея": "KOR", "кнр": "CHN", "российская федерация": "RUS", "рф": "RUS", "сша": "USA", "оаэ": "ARE",
	"фрг": "DEU", "великобритания": "GBR", "англия": "GBR", "чешская республика": "CZE", "кнр (китай)": "CHN", "монғолия": "MNG", "қхр": "CHN", "ресей федерациясы": "RUS", "ақш": "USA", "бае": "ARE", "ұлыбритания": "GBR",
}

// Variant returns the country that publishers call so, of a name in small
// letters and without points.
func Variant(name string) (shanyraq.CountryCode, bool) {
	c, ok := variants[name]
	return c, ok
}
