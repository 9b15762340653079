package screens

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// A search finds every page of a room, not only the rooms and what they show.
func TestSearchKnowsEveryPage(t *testing.T) {
	code := regexp.MustCompile(`^[A-Z]{3}$`) // a country as the example of its kind
	for _, s := range All() {
		path, _, _ := strings.Cut(s.Path, "?")
		parts := strings.Split(strings.Trim(path, "/"), "/")
		if len(parts) < 2 || !slices.Contains(view.Rooms(), parts[0]) || slices.ContainsFunc(parts, code.MatchString) {
			continue
		}
		if slices.Contains(standing.IndexKeys(), standing.IndexKey(parts[1])) && (len(parts) == 2 || slices.Contains(view.IndexPages(), parts[2])) {
			continue
		}
		if !slices.Contains(view.Pages(), path) {
			t.Errorf("a search does not know %s; name it in view.Pages and give it words in search.json", path)
		}
	}
}
