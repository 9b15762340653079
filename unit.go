package shanyraq

// Unit is what a number counts or measures, as a key the catalogue in package
// locale spells out: "persons", "usd", "intl_usd", "percent", "share",
// "rank", "index", "score", "million_t".
type Unit string

// Valid reports whether u is one or more lower-case letters, digits and
// underscores.
func (u Unit) Valid() bool {
	for _, r := range u {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return u != ""
}
