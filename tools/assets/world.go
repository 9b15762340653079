package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// A topology is a map whose borders are held once and shared by the countries
// on either side, as the TopoJSON format has it.
type topology struct {
	Type      string                `json:"type"`
	Objects   map[string]collection `json:"objects"`
	Arcs      [][][2]int            `json:"arcs"` // each point as a step from the one before
	Transform struct {
		Scale     [2]float64 `json:"scale"`
		Translate [2]float64 `json:"translate"`
	} `json:"transform"`
	// Centres are the middle of each country's largest part, in degrees east
	// and north, for the countries too small to have a shape as well.
	Centres map[string][2]float64 `json:"centres,omitempty"`
}

type collection struct {
	Type       string     `json:"type"`
	Geometries []geometry `json:"geometries"`
}

type geometry struct {
	Type       string            `json:"type"`
	ID         string            `json:"id,omitempty"` // ISO 3166-1 numeric; none for what has no such code
	Arcs       json.RawMessage   `json:"arcs"`
	Properties map[string]string `json:"properties,omitempty"`
}

const antarctica = "010"

// unmapped are the middles, in degrees east and north, of places people are
// counted in that the map draws as part of another or not at all.
var unmapped = map[string][2]float64{
	"BES": {-68.27, 12.18},
	"CCK": {96.85, -12.15},
	"CXR": {105.65, -10.45},
	"GIB": {-5.35, 36.13},
	"GLP": {-61.55, 16.25},
	"GUF": {-53.1, 3.9},
	"MTQ": {-61.02, 14.65},
	"MYT": {45.15, -12.8},
	"REU": {55.53, -21.12},
	"SJM": {16, 78.5},
	"TKL": {-171.8, -9.2},
	"TUV": {179.2, -8.5},
}

// world returns the map: countries at 1:110 million without Antarctica, each
// with its alpha-3 code, and the centres of all countries at 1:50 million.
func world(atlas, places string) ([]byte, error) {
	codes, err := placeCodes(places)
	if err != nil {
		return nil, err
	}
	coarse, err := readTopology(filepath.Join(atlas, "countries-110m.json"))
	if err != nil {
		return nil, err
	}
	fine, err := readTopology(filepath.Join(atlas, "countries-50m.json"))
	if err != nil {
		return nil, err
	}
	centres := map[string][2]float64{}
	for _, g := range fine.Objects["countries"].Geometries {
		code := codes.of(g)
		if code == "" || g.ID == antarctica {
			continue
		}
		if centres[code], err = fine.centre(g); err != nil {
			return nil, fmt.Errorf("%s: %w", code, err)
		}
	}
	for code, at := range unmapped {
		if _, ok := centres[code]; !ok {
			centres[code] = at
		}
	}
	out, err := coarse.trim(codes)
	if err != nil {
		return nil, err
	}
	out.Centres = centres
	return json.Marshal(out)
}

// codesByNumber holds alpha-3 codes by numeric code.
type codesByNumber map[string]string

// of returns the alpha-3 code of a country on the map, or "".
func (c codesByNumber) of(g geometry) string {
	if g.ID == "" && g.Properties["name"] == "Kosovo" {
		return "XKX" // has no numeric code
	}
	return c[g.ID]
}

// placeCodes reads the codes of present countries from the table of places.
func placeCodes(name string) (codesByNumber, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%s: no table of places: %v", name, err)
	}
	column := map[string]int{}
	for i, h := range rows[0] {
		column[h] = i
	}
	code, ok := column["code"]
	number, also := column["numeric"]
	if !ok || !also {
		return nil, fmt.Errorf("%s: no columns code and numeric", name)
	}
	out := codesByNumber{}
	for _, r := range rows[1:] {
		if r[number] != "" {
			out[r[number]] = r[code]
		}
	}
	return out, nil
}

func readTopology(name string) (*topology, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var t topology
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &t, nil
}

// polygons returns the outlines of g: polygon, ring, arc; the first ring of a
// polygon is its outside.
func (g geometry) polygons() ([][][]int, error) {
	switch g.Type {
	case "Polygon":
		var p [][]int
		err := json.Unmarshal(g.Arcs, &p)
		return [][][]int{p}, err
	case "MultiPolygon":
		var m [][][]int
		err := json.Unmarshal(g.Arcs, &m)
		return m, err
	}
	return nil, fmt.Errorf("no outline in a %s", g.Type)
}

// ring returns the points of a ring of arcs, in degrees. An arc below zero is
// the complement of its number, walked backwards.
func (t *topology) ring(arcs []int) [][2]float64 {
	var out [][2]float64
	for _, a := range arcs {
		i := a
		if a < 0 {
			i = ^a
		}
		var x, y int
		points := make([][2]float64, len(t.Arcs[i]))
		for k, step := range t.Arcs[i] {
			x, y = x+step[0], y+step[1]
			points[k] = [2]float64{
				float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0],
				float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1],
			}
		}
		if a < 0 {
			for l, r := 0, len(points)-1; l < r; l, r = l+1, r-1 {
				points[l], points[r] = points[r], points[l]
			}
		}
		out = append(out, points...)
	}
	return out
}

// centre returns the middle of the largest part of g, to a hundredth of a
// degree. Areas are measured on the cylinder that keeps them, so that a part
// in the north does not count for more.
func (t *topology) centre(g geometry) ([2]float64, error) {
	polygons, err := g.polygons()
	if err != nil {
		return [2]float64{}, err
	}
	var best [2]float64
	largest := -1.0
	for _, p := range polygons {
		points := unwrap(t.ring(p[0]))
		var area, x, y float64
		for i := range points {
			a, b := points[i], points[(i+1)%len(points)]
			ay, by := math.Sin(a[1]*math.Pi/180), math.Sin(b[1]*math.Pi/180)
			cross := a[0]*by - b[0]*ay
			area += cross
			x += (a[0] + b[0]) * cross
			y += (ay + by) * cross
		}
		if math.Abs(area) <= largest || area == 0 {
			continue
		}
		largest = math.Abs(area)
		best = [2]float64{round(math.Remainder(x/(3*area), 360)), round(math.Asin(y/(3*area)) * 180 / math.Pi)}
	}
	return best, nil
}

// unwrap returns the points of a ring without the leap from one end of the map
// to the other where it crosses the 180th meridian.
func unwrap(points [][2]float64) [][2]float64 {
	for i := 1; i < len(points); i++ {
		points[i][0] = points[i-1][0] + math.Remainder(points[i][0]-points[i-1][0], 360)
	}
	return points
}

func round(v float64) float64 { return math.Round(v*100) / 100 }

// trim returns the countries of t without Antarctica and without the arcs
// nobody else uses, each with its code in place of its English name.
func (t *topology) trim(codes codesByNumber) (*topology, error) {
	out := &topology{Type: t.Type, Transform: t.Transform}
	var kept []geometry
	renumber := map[int]int{}
	for _, g := range t.Objects["countries"].Geometries {
		if g.ID == antarctica {
			continue
		}
		polygons, err := g.polygons()
		if err != nil {
			return nil, err
		}
		for _, p := range polygons {
			for _, ring := range p {
				for k, a := range ring {
					i := a
					if a < 0 {
						i = ^a
					}
					n, seen := renumber[i]
					if !seen {
						n = len(out.Arcs)
						renumber[i] = n
						out.Arcs = append(out.Arcs, t.Arcs[i])
					}
					if a < 0 {
						n = ^n
					}
					ring[k] = n
				}
			}
		}
		code := codes.of(g)
		if g.Properties = nil; code != "" {
			g.Properties = map[string]string{"code": code}
		}
		var arcs any = polygons
		if g.Type == "Polygon" {
			arcs = polygons[0]
		}
		if g.Arcs, err = json.Marshal(arcs); err != nil {
			return nil, err
		}
		kept = append(kept, g)
	}
	out.Objects = map[string]collection{"countries": {Type: "GeometryCollection", Geometries: kept}}
	return out, nil
}
