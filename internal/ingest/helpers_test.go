package ingest_test

import (
	"reflect"

	"shanyraq"
)

// same fails the test at the first claim that differs.
func same(t interface {
	Helper()
	Fatalf(string, ...any)
}, got, want []shanyraq.Claim) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d claims, want %d", len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("claim %d\n got %+v %+v\nwant %+v %+v", i, got[i], got[i].Stated, want[i], want[i].Stated)
		}
	}
}
