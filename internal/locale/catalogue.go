package locale

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed messages
var messages embed.FS

// A catalogue is the messages of one language.
type catalogue struct {
	plain     map[string]string // texts without placeholder or plural, which need no work
	localizer *i18n.Localizer   // all others; parses a template when it is first used
	templates map[string]bool   // keys the localizer has; true for those with plural forms
}

// forms are the texts of one message by plural form of CLDR. A message that
// has no plural has its text under Other.
type forms struct {
	Zero  string `json:"zero"`
	One   string `json:"one"`
	Two   string `json:"two"`
	Few   string `json:"few"`
	Many  string `json:"many"`
	Other string `json:"other"`
}

// byName returns the forms that have a text, by their name in CLDR.
func (f forms) byName() map[string]string {
	out := map[string]string{}
	for name, text := range map[string]string{"zero": f.Zero, "one": f.One, "two": f.Two, "few": f.Few, "many": f.Many, "other": f.Other} {
		if text != "" {
			out[name] = text
		}
	}
	return out
}

// UnmarshalJSON reads a text, or an object of plural forms.
func (f *forms) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*f = forms{}
		return json.Unmarshal(b, &f.Other)
	}
	type bare forms // without this method
	return json.Unmarshal(b, (*bare)(f))
}

func (f forms) hasPlural() bool {
	f.Other = ""
	return f != forms{}
}

// readMessages returns every message of the language, by key. Files it cannot
// read, and keys two files share, are in the error; the rest is returned.
func readMessages(fsys fs.FS, lang string) (map[string]forms, error) {
	dir := path.Join("messages", lang)
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("messages of %s: %w", lang, err)
	}
	all := map[string]forms{}
	var faults []error
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		var file map[string]forms
		if err := json.Unmarshal(b, &file); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
			continue
		}
		for key, f := range file {
			if _, twice := all[key]; twice {
				faults = append(faults, fmt.Errorf("%s: %s is in another file too", name, key))
			}
			all[key] = f
		}
	}
	return all, errors.Join(faults...)
}

// load returns the catalogue of the language. What could not be read is in the
// error and missing from the catalogue, which is usable all the same.
func load(fsys fs.FS, lang string) (*catalogue, error) {
	all, err := readMessages(fsys, lang)
	c := &catalogue{plain: make(map[string]string, len(all)), templates: map[string]bool{}}
	var rest []*i18n.Message
	for key, f := range all {
		if !f.hasPlural() && !strings.Contains(f.Other, "{{") {
			c.plain[key] = f.Other
			continue
		}
		rest = append(rest, &i18n.Message{ID: key, Zero: f.Zero, One: f.One, Two: f.Two, Few: f.Few, Many: f.Many, Other: f.Other})
		c.templates[key] = f.hasPlural()
	}
	tag := language.Make(lang)
	bundle := i18n.NewBundle(tag)
	if e := bundle.AddMessages(tag, rest...); e != nil {
		err = errors.Join(err, e)
	}
	c.localizer = i18n.NewLocalizer(bundle, lang)
	return c, err
}
