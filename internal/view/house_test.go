package view_test

import (
	"context"
	"net/url"
	"sync"
	"testing"
	"time"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/ingest"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

// builtin is the house over the tables that ship, opened once.
var builtin = sync.OnceValues(func() (*view.House, error) {
	w, err := ingest.OpenWorkspace(data.Files)
	if err != nil {
		return nil, err
	}
	return view.NewHouse(background, w)
})

func house(t testing.TB) *view.House {
	t.Helper()
	h, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// today is the clock of the tests.
var today = time.Date(2026, 6, 14, 12, 0, 0, 0, time.UTC)

// ask is a reader of the language who asks about home with the query.
func ask(t testing.TB, home shanyraq.CountryCode, lang, query string) *view.Ask {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return &view.Ask{Home: home, Query: q, Loc: locale.For(lang), Today: today}
}

// A lens shows a library with two things changed: Kazakhstan spends twice as
// much on arms, and the United Nations know nobody from it in Germany.
type lens struct{ view.Library }

func (l *lens) Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	cs, err := l.Library.Claims(ctx, q)
	var out []shanyraq.Claim
	for _, c := range cs {
		if c.Series == "MS.MIL.XPND.GD.ZS" && c.Place == "KAZ" {
			c.Value *= 2
		}
		if c.Place == "DEU" && c.Partner == "KAZ" && c.Definition == "migrant_stock" {
			continue
		}
		out = append(out, c)
	}
	return out, err
}
