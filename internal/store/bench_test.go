package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"shanyraq"
)

// many are n claims of ten series, over all places that two letters make.
func many(n int) []shanyraq.Claim {
	out := make([]shanyraq.Claim, n)
	for i := range out {
		place := fmt.Sprintf("%c%cX", 'A'+i%26, 'A'+i/26%26)
		c := claim("wdi", "gdp", place, fmt.Sprint(1900+i/676%100), float64(i))
		c.ID = shanyraq.ClaimID(fmt.Sprintf("wdi/gdp/%s/-/%d/%s", place, i, c.When))
		out[i] = c
	}
	return out
}

// A publisher's whole table is some hundred thousand claims. Importing one
// should take no more than a few seconds.
func BenchmarkImport(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprintf("claims=%d", n), func(b *testing.B) {
			claims, dir, i := many(n), b.TempDir(), 0
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				i++
				s := reopen(b, filepath.Join(dir, fmt.Sprint(i)), builtIn(), Options{Create: true})
				b.StartTimer()
				if _, err := s.Import(context.Background(), Batch{Claims: claims}, "w"); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
		})
	}
}

// A page asks for the claims of one series and place. It should not notice how
// large the store is: up to 50 000 claims are kept in memory, beyond that the
// file is asked.
func BenchmarkQuery(b *testing.B) {
	for _, n := range []int{40_000, 100_000} {
		b.Run(fmt.Sprintf("claims=%d", n), func(b *testing.B) {
			ctx := context.Background()
			s := create(b, builtIn())
			must[shanyraq.Activity](b)(s.Import(ctx, Batch{Claims: many(n)}, "w"))
			r := latest(b, s)
			q := shanyraq.Query{Series: []shanyraq.SeriesID{"gdp"}, Places: []shanyraq.CountryCode{"KAX"}}
			must[[]shanyraq.Claim](b)(r.Claims(ctx, q)) // the first reads the file
			b.ReportAllocs()
			for b.Loop() {
				if cs, err := r.Claims(ctx, q); err != nil || len(cs) == 0 {
					b.Fatal(len(cs), err)
				}
			}
		})
	}
}

// Undoing an import costs as much as the import, and verifying reads everything.
func BenchmarkVerify(b *testing.B) {
	ctx := context.Background()
	s := create(b, builtIn())
	must[shanyraq.Activity](b)(s.Import(ctx, Batch{Claims: many(100_000)}, "w"))
	for b.Loop() {
		if r, err := s.Verify(ctx); err != nil || !r.OK() {
			b.Fatal(r.Problems, err)
		}
	}
}
