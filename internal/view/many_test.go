package view_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"shanyraq"
	"shanyraq/internal/view"
)

// Many readers may ask one house at once, and each gets the answer it would
// have got alone.
func TestManyReadersAtOnce(t *testing.T) {
	h := house(t)
	answer := func(h *view.House, s screen, home shanyraq.CountryCode) (string, error) {
		a := ask(t, home, "en", s.query)
		p, err := s.page(t.Context(), h, a)
		if err != nil {
			return "", err
		}
		b, err := json.Marshal(p.JSON(a.Loc, h.Library.Version()))
		return string(b), err
	}
	fresh, err := view.NewHouse(t.Context(), h.Library)
	if err != nil {
		t.Fatal(err)
	}
	homes := []shanyraq.CountryCode{"KAZ", "UZB", "POL"}
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			for k, s := range screens("RUS") {
				home := homes[(i+k)%len(homes)]
				want, err := answer(h, s, home)
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := answer(fresh, s, home); err != nil || got != want {
					t.Errorf("%s of %s differs from one house to another: %v", s.name, home, err)
				}
			}
		})
	}
	wait.Wait()
}

// A page must be made well within a tenth of a second, once the rooms have been
// asked before.
func BenchmarkScreens(b *testing.B) {
	h := house(b)
	for _, s := range screens("RUS") {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.page(b.Context(), h, ask(b, "KAZ", "en", s.query)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The first answer of a room is the dearest: everything is read and drawn.
func BenchmarkFirstPage(b *testing.B) {
	l := house(b).Library
	for b.Loop() {
		h, err := view.NewHouse(b.Context(), l)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := view.Overview(b.Context(), h, ask(b, "KAZ", "en", "")); err != nil {
			b.Fatal(fmt.Errorf("overview: %w", err))
		}
	}
}
