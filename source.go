package shanyraq

// SourceID names a [Source], such as "wdi".
type SourceID string

// Strength is what kind of statement a source or a claim makes, from the
// strongest to the weakest. The zero value is unknown.
type Strength uint8

// The strengths, strongest first.
const (
	Measured  Strength = iota + 1 // census, register, statistics: somebody counted
	Official                      // stated by a public body, method not shown
	Estimated                     // worked out by somebody from something
	Opinion                       // judged or quoted without a visible basis
)

var strengthNames = [...]string{"", "measured", "official", "estimated", "opinion"}

// String returns the strength's key, such as "measured".
func (s Strength) String() string {
	if int(s) < len(strengthNames) {
		return strengthNames[s]
	}
	return ""
}

// MarshalText writes the strength's key.
func (s Strength) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a strength's key; empty is unknown.
func (s *Strength) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = 0
		return nil
	}
	v, err := ParseStrength(string(b))
	*s = v
	return err
}

// ParseStrength returns the strength of that key, or an [Invalid] error.
func ParseStrength(s string) (Strength, error) {
	for i, n := range strengthNames {
		if i > 0 && n == s {
			return Strength(i), nil
		}
	}
	return 0, Errorf("shanyraq.ParseStrength", Invalid, "%q is none of measured, official, estimated, opinion", s)
}

// A Source is a publication that claims are taken from.
type Source struct {
	ID        SourceID `json:"id"`
	Publisher string   `json:"publisher"`
	Title     string   `json:"title"`
	Edition   string   `json:"edition,omitempty"` // version or revision
	Address   string   `json:"address"`           // where the publisher has it
	Carrier   string   `json:"carrier,omitempty"` // through whom it came, if not from the publisher
	Taken     Period   `json:"taken"`             // when it was read
	Licence   string   `json:"licence"`
	Terms     string   `json:"terms,omitempty"`  // how to attribute, and what was changed
	Checksum  string   `json:"checksum"`         // SHA-256 of the tables held, in hex
	Strength  Strength `json:"strength"`         // of its claims, unless a claim says otherwise
	Faults    string   `json:"faults,omitempty"` // what is known to be wrong with it
}

// SeriesID names a [Series], such as "NY.GDP.PCAP.PP.CD" or "ethnic_kazakhs".
type SeriesID string

// DefinitionID names the definition a claim counts under, such as
// "ethnicity" or "birthplace".
type DefinitionID string

// A Series is one quantity given for many places or times. Several sources may
// make claims about one series, under definitions of their own.
type Series struct {
	ID         SeriesID          `json:"id"`
	Unit       Unit              `json:"unit"`
	Definition DefinitionID      `json:"definition,omitempty"` // of claims that name no other
	Topic      string            `json:"topic"`                // where hosts' pages show it: economy, people, ...
	Titles     map[string]string `json:"titles"`               // by language
	Meaning    map[string]string `json:"meaning,omitempty"`    // what exactly is counted, by language
}

// Title returns the series' title in the language, else in English, else its id.
func (s Series) Title(lang string) string {
	if t := s.Titles[lang]; t != "" {
		return t
	}
	if t := s.Titles["en"]; t != "" {
		return t
	}
	return string(s.ID)
}

// A Definition says under which rule people or things are counted, so that
// numbers under different definitions are never mixed.
type Definition struct {
	ID      DefinitionID      `json:"id"`
	Titles  map[string]string `json:"titles"`  // by language
	Meaning map[string]string `json:"meaning"` // who is in, who is not, by language
}

// Title returns the definition's title in the language, else in English, else its id.
func (d Definition) Title(lang string) string {
	if t := d.Titles[lang]; t != "" {
		return t
	}
	if t := d.Titles["en"]; t != "" {
		return t
	}
	return string(d.ID)
}
