package arch

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"shanyraq/internal/view"
)

// languages are those the program is complete in.
var languages = []string{"en", "kk", "ru"}

// catalogues returns the keys of every language's messages.
func catalogues(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	for _, lang := range languages {
		out[lang] = map[string]bool{}
	}
	for _, f := range textsOf(t, ".json") {
		rest, ok := strings.CutPrefix(f.path, "internal/locale/messages/")
		if !ok {
			continue
		}
		lang := path.Dir(rest)
		if out[lang] == nil {
			t.Errorf("%s is in no language the program is complete in (%s)", f.path, strings.Join(languages, ", "))
			continue
		}
		var texts map[string]json.RawMessage
		if err := json.Unmarshal(f.text, &texts); err != nil {
			t.Errorf("%s: %v", f.path, err)
		}
		for key, text := range texts {
			if s := string(text); s != `""` && s != "{}" && s != "null" {
				out[lang][key] = true
			}
		}
	}
	return out
}

// methodParts are the messages that make the page of a method.
var methodParts = []string{"title", "says", "formula", "limits", "checks", "papers"}

// TestMethodsHavePages fails on a method that lacks a part of its page in some
// language, and on a page of a method that no longer is.
func TestMethodsHavePages(t *testing.T) {
	var keys []string
	for _, m := range view.Methods() {
		keys = append(keys, string(m))
	}
	report(t, methodFaults(keys, catalogues(t)))
}

// methodFaults returns the missing parts of pages, and the pages without a method.
func methodFaults(methods []string, have map[string]map[string]bool) []string {
	var faults []string
	for _, lang := range slices.Sorted(maps.Keys(have)) {
		for _, m := range methods {
			for _, part := range methodParts {
				if key := "method." + m + "." + part; !have[lang][key] {
					faults = append(faults, fmt.Sprintf("messages/%s/method.json lacks %s: every method has a page", lang, key))
				}
			}
		}
		for _, key := range slices.Sorted(maps.Keys(have[lang])) {
			m, ok := strings.CutPrefix(key, "method.")
			if !ok || !slices.Contains(methodParts, m[strings.LastIndex(m, ".")+1:]) {
				continue
			}
			if m = m[:strings.LastIndex(m, ".")]; !slices.Contains(methods, m) {
				faults = append(faults, fmt.Sprintf("messages/%s/method.json has %s, and no method has the key %s", lang, key, m))
			}
		}
	}
	return faults
}

func TestMethodPagesAreSeen(t *testing.T) {
	have := map[string]map[string]bool{"en": {"method.gone.title": true}}
	for _, part := range methodParts {
		have["en"]["method.claim."+part] = part != "limits"
	}
	wantFaults(t, methodFaults([]string{"claim"}, have), "lacks method.claim.limits", "no method has the key gone")
}
