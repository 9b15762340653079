package main

import "testing"

// A square whose middle is known, as one arc of steps from its south-west.
func square(west, south, side int) topology {
	t := topology{Arcs: [][][2]int{{{west, south}, {side, 0}, {0, side}, {-side, 0}, {0, -side}}}}
	t.Transform.Scale = [2]float64{1, 1}
	return t
}

func TestCentre(t *testing.T) {
	for _, tt := range []struct {
		name string
		t    topology
		arcs string
		want [2]float64
	}{
		{"on the equator", square(10, -5, 10), "[[0]]", [2]float64{15, 0}},
		{"walked backwards", square(-40, -2, 4), "[[-1]]", [2]float64{-38, 0}},
		{"across the 180th meridian", cut(square(172, -5, 10)), "[[0]]", [2]float64{177, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.t.centre(geometry{Type: "Polygon", Arcs: []byte(tt.arcs)})
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("centre = %v, want %v", got, tt.want)
			}
		})
	}
}

// cut writes the points east of 180 degrees as maps do, from minus 180 on.
func cut(t topology) topology {
	x, shift := 0, 0
	for i, step := range t.Arcs[0] {
		x += step[0]
		now := 0
		if x > 180 {
			now = -360
		}
		t.Arcs[0][i][0] += now - shift
		shift = now
	}
	return t
}

func TestTrim(t *testing.T) {
	in := topology{
		Arcs: [][][2]int{{{0, 0}, {1, 1}}, {{5, 5}, {1, 0}}, {{9, 9}, {0, 1}}},
		Objects: map[string]collection{"countries": {Geometries: []geometry{
			{Type: "Polygon", ID: antarctica, Arcs: []byte("[[1]]")},
			{Type: "Polygon", ID: "398", Arcs: []byte("[[2,-1]]"), Properties: map[string]string{"name": "Kazakhstan"}},
		}}},
	}
	out, err := in.trim(codesByNumber{"398": "KAZ"})
	if err != nil {
		t.Fatal(err)
	}
	g := out.Objects["countries"].Geometries
	if len(g) != 1 || g[0].ID != "398" || g[0].Properties["code"] != "KAZ" || g[0].Properties["name"] != "" {
		t.Errorf("geometries = %+v, want Kazakhstan alone with its code", g)
	}
	if len(out.Arcs) != 2 || string(g[0].Arcs) != "[[0,-2]]" {
		t.Errorf("%d arcs, Kazakhstan on %s; want its own two, renumbered", len(out.Arcs), g[0].Arcs)
	}
}
