package votes

import (
	"math"
	"math/rand/v2"
	"testing"
)

// clustersOf returns the records of two voters on days of a few votes, the
// second voting as the first with probability alike and else at random.
func clustersOf(rng *rand.Rand, days int, alike float64) (a, b []string) {
	for range days {
		n := 3 + rng.IntN(8)
		x, y := make([]byte, n), make([]byte, n)
		for i := range x {
			x[i], y[i] = "YYYAN"[rng.IntN(5)], "YYYAN"[rng.IntN(5)]
			if rng.Float64() < alike {
				y[i] = x[i]
			}
		}
		a, b = append(a, string(x)), append(b, string(y))
	}
	return a, b
}

func TestLikenessInterval(t *testing.T) {
	a, b := clustersOf(rand.New(rand.NewPCG(1, 2)), 40, 0.5)
	got, err := LikenessInterval(a, b, 0.95, 4000, 7)
	if err != nil {
		t.Fatal(err)
	}
	want, err := AgreementInterval(a, b, 0.95, 4000, 7)
	if err != nil {
		t.Fatal(err)
	}
	const tol = 1e-12 // the same draws, summed in another order
	for _, x := range []struct {
		what      string
		got, want float64
	}{
		{"agreement", got.Agreement.Value, want.Value}, {"from", got.Agreement.Lo, want.Lo}, {"to", got.Agreement.Hi, want.Hi},
		{"S", got.S.Value, 2*want.Value - 1}, {"S from", got.S.Lo, 2*want.Lo - 1}, {"S to", got.S.Hi, 2*want.Hi - 1},
	} {
		if math.Abs(x.got-x.want) > tol {
			t.Errorf("%s: %v, want %v", x.what, x.got, x.want)
		}
	}
	if !(got.Kappa.Lo < got.Kappa.Value && got.Kappa.Value < got.Kappa.Hi && got.Pi.Lo < got.Pi.Value && got.Pi.Value < got.Pi.Hi) {
		t.Errorf("%+v", got)
	}
	if _, err := LikenessInterval(a[:1], b[:1], 0.95, 4000, 7); err != ErrFewClusters {
		t.Errorf("one cluster: %v", err)
	}
	if same, err := LikenessInterval([]string{"YY", "YY"}, []string{"YY", "YY"}, 0.95, 100, 1); err != nil || !math.IsNaN(same.Kappa.Value) || same.Agreement.Value != 1 {
		t.Errorf("where all are alike: %+v, %v", same, err)
	}
}

// Kappa with linear weights of voters alike with probability 0.5, and else
// independent with the same proportions, is 0.5, and so is pi.
func TestLikenessCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const trials = 400
	kappa, pi := 0, 0
	for range trials {
		a, b := clustersOf(rng, 40, 0.5)
		got, err := LikenessInterval(a, b, 0.95, 1000, 7)
		if err != nil {
			t.Fatal(err)
		}
		if got.Kappa.Lo <= 0.5 && 0.5 <= got.Kappa.Hi {
			kappa++
		}
		if got.Pi.Lo <= 0.5 && 0.5 <= got.Pi.Hi {
			pi++
		}
	}
	for what, n := range map[string]int{"kappa": kappa, "pi": pi} {
		if share := float64(n) / trials; share < 0.92 || share > 0.985 { // 0.95 give or take three standard errors of 0.011
			t.Errorf("the interval of %s of level 0.95 covers %.3f", what, share)
		}
	}
}
