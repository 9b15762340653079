package view

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// VectorsTabs returns the pages of the Vectors room, path and label, in order,
// if the path is one of them, and nil if it is not.
func VectorsTabs(a *Ask, path string) []Choice {
	tabs := []Choice{
		{"/vectors", a.T("vectors.tab.now")},
		{"/vectors/balance", a.T("vectors.tab.balance")},
		{"/vectors/asymmetry", a.T("vectors.tab.asymmetry")},
		{"/vectors/votes", a.T("vectors.tab.votes")},
		{"/vectors/routes", a.T("vectors.tab.routes")},
		{"/vectors/freight", a.T("vectors.tab.freight")},
		{"/vectors/network", a.T("vectors.tab.network")},
		{"/vectors/acts", a.T("vectors.tab.acts")},
		{"/vectors/events", a.T("vectors.tab.events")},
		{"/vectors/readings", a.T("vectors.tab.readings")},
		{"/vectors/coding", a.T("vectors.tab.coding")},
	}
	if !slices.ContainsFunc(tabs, func(c Choice) bool { return c.Value == path }) {
		return nil
	}
	return tabs
}

// A drawing gathers figures one to a row, as charts of lines want them.
func drawing(key, title string, a *Ask, value, unit string) *Table {
	return &Table{Key: key, Title: title, RowHead: a.T("common.year"),
		Columns: []Column{{Key: "year", Label: a.T("common.year")}, {Key: "value", Label: value, Figures: true}},
		Chart:   &Chart{Type: "lines", Value: "value", X: "year", Unit: unit}}
}

// point adds one figure of a line, if there is one.
func (t *Table) point(line string, home bool, year int, f shanyraq.Figure) {
	if f.IsZero() {
		return
	}
	y := strconv.Itoa(year)
	t.Add(Row{Key: line + "/" + y, Label: y, Group: line, Home: home}, Cell{Text: y}, Cell{Figure: f})
}

// draws puts the drawing beside the table if it has any figures.
func (t *Table) draws(d *Table) {
	if len(d.Rows) > 0 {
		t.Chart, t.Drawn = d.Chart, d
	}
}

// vectorsTitle says what a figure of the Vectors room is of; its path is split
// at the slashes. It returns false for paths that [House.figureTitle] knows.
func (h *House) vectorsTitle(a *Ask, seg []string) (title, subtitle string, ok bool) {
	lang := a.Loc.Lang()
	place := func(code string) string { return h.PlaceName(shanyraq.CountryCode(code), lang) }
	join := func(parts ...string) string {
		return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" || s == "0" }), " · ")
	}
	at := func(i int) string {
		if i < len(seg) {
			return seg[i]
		}
		return ""
	}
	session := func(s string) string {
		n, err := strconv.Atoi(s)
		if err != nil {
			return s
		}
		return a.T("vectors.session", "Number", n, "Year", 1945+n)
	}
	named := func(key, year string) (string, string) { // "trade-2023"
		if i := strings.LastIndex(key, "-"); i > 0 {
			return key[:i], key[i+1:]
		}
		return key, year
	}
	switch at(1) {
	case "effective":
		if domain, ok := strings.CutSuffix(at(3), "-union"); ok {
			return a.T("vectors.effective.united") + ": " + domainLabel(a, domain), join(place(at(2)), at(4)), true
		}
		return a.T("vectors.effective") + ": " + domainLabel(a, at(3)), join(place(at(2)), at(4)), true
	case "entropy":
		return a.T("vectors.entropy") + ": " + domainLabel(a, at(3)), join(place(at(2)), at(4)), true
	case "normalised":
		return a.T("vectors.normalised") + ": " + domainLabel(a, at(3)), join(place(at(2)), at(4)), true
	case "even":
		return a.T("vectors.even") + ": " + domainLabel(a, at(3)), join(place(at(2)), at(4)), true
	case "break":
		key, power := named(at(3), "")
		if power != "" {
			power = place(power)
		}
		return a.T(breakLabels[key]) + ": " + a.T(breakParts[at(4)]), join(place(at(2)), power), true
	case "dependence":
		measure, year := named(at(4), "")
		title := a.T(measureLabels[measure])
		switch at(5) {
		case "lean":
			return a.T("vectors.asymmetry") + ": " + title, join(place(at(2)), place(at(3)), year), true
		case "theirs":
			return title, join(a.T("vectors.depends", "A", place(at(3)), "B", place(at(2))), year), true
		}
		return title, join(a.T("vectors.depends", "A", place(at(2)), "B", place(at(3))), year), true
	case "mutual":
		measure, year := named(at(4), "")
		return a.T(bondLabels[at(5)]) + ": " + a.T(measureLabels[measure]), join(place(at(2)), place(at(3)), year), true
	case "press":
		return a.T(pressureLabels[at(4)]), join(place(at(2)), place(at(3))), true
	case "halved":
		domain, year := named(at(4), "")
		return a.T(exposureLabels[at(5)]) + ": " + domainLabel(a, domain), join(place(at(2)), place(at(3)), year), true
	case "mirror":
		title := a.T("vectors.mirror.range")
		if at(5) == "gap" {
			title = a.T("vectors.mirror.gap")
		}
		return title, join(place(at(2)), place(at(3)), at(4)), true
	case "between":
		first, second, _ := strings.Cut(at(3), "-")
		return a.T(stanceLabels[at(5)]) + ": " + domainLabel(a, at(4)), join(place(at(2)), a.T("vectors.poles", "A", place(first), "B", place(second))), true
	case "position":
		return a.T("vectors.position"), join(place(at(2)), session(at(3))), true
	case "distance":
		return a.T("vectors.distance"), join(place(at(2)), place(at(3)), session(at(4))), true
	case "session":
		return a.T("vectors.session.alike"), join(place(at(2)), place(at(3)), session(at(4))), true
	case "correlation":
		return a.T("vectors.correlation"), session(at(2)), true
	case "correlation-alone":
		return a.T("vectors.correlation.alone"), session(at(2)), true
	case "alone":
		return a.T("vectors.alone.session"), join(place(at(2)), session(at(3))), true
	case "likeness":
		return a.T(likenessLabels[at(5)]), join(place(at(2)), place(at(3)), at(4)), true
	case "freight":
		title, subtitle := h.freightTitle(a, seg)
		return title, subtitle, true
	case "news":
		from, to, _ := strings.Cut(at(3), "-")
		pair := place(from) + " → " + place(to)
		switch at(4) {
		case "net", "change":
			return a.T("vectors.events." + at(4)), pair, true
		case "score":
			return a.T("vectors.events.score"), pair, true
		}
		return a.T("vectors.events.score"), join(pair, a.Loc.Period(shanyraq.Period(at(4)))), true
	case "coding":
		item := at(3)
		if item == "all" {
			item = ""
		}
		return a.T("vectors.coding."+at(4)) + ": " + a.T(itemLabels[item][0]), place(at(2)), true
	case "acts":
		if window, ok := strings.CutPrefix(at(4), "share-"); ok {
			if window == vectors.AllYears {
				window = ""
			}
			return a.T("vectors.people"), join(place(at(2)), strings.TrimPrefix(place(at(3)), place(string(shanyraq.World))), window), true
		}
		return a.T("vectors.acts.held") + ": " + a.T(cmp.Or(levelLabels[vectors.Level(at(4))], natureLabels[vectors.Nature(at(4))])), join(place(at(2)), place(at(3))), true
	case "oil":
		return h.oilTitle(a, seg)
	case "corridor":
		return a.T("vectors.corridor.year"), join(place(at(2)), h.routeName(at(2), at(3)), at(4)), true
	case "moved":
		from, to, _ := strings.Cut(at(3), "-")
		span := session(from) + " – " + session(to)
		if at(4) == "all" {
			return a.T("vectors.moved"), join(place(at(2)), span), true
		}
		return a.T("vectors.move"), join(place(at(2)), span), true
	}
	return "", "", false
}

// oilTitle is [House.vectorsTitle] for the routes of oil.
func (h *House) oilTitle(a *Ask, seg []string) (title, subtitle string, ok bool) {
	if len(seg) != 5 {
		return "", "", false
	}
	name, what := h.PlaceName(shanyraq.CountryCode(seg[2]), a.Loc.Lang()), seg[4]
	switch seg[3] {
	case "share":
		return a.T("vectors.leg.share"), name + " · " + h.routeName(seg[2], what), true
	case "leg":
		return a.T("vectors.stops"), name + " · " + h.routeName(seg[2], what), true
	case "through":
		return a.T("vectors.stops"), name + " · " + h.PlaceName(shanyraq.CountryCode(what), a.Loc.Lang()), true
	case "bypass":
		return a.T("vectors.bypass.share"), name + " · " + what, true
	case "routes":
		return a.T("vectors.routes.number"), name, true
	}
	return a.T("vectors.routes.flow"), name, true
}

// routeName returns what the route with that part in its path is called.
func (h *House) routeName(home, part string) string {
	c, err := h.Vectors.Corridors(context.Background(), shanyraq.CountryCode(home))
	if err != nil {
		return part
	}
	return c.Name(part)
}

// domainLabel returns what a domain is called.
func domainLabel(a *Ask, key string) string {
	switch key {
	case "votes":
		return a.T("vectors.votes.alike")
	case "organisations":
		return a.T("vectors.domain.organisations")
	}
	if slices.ContainsFunc(vectors.Domains(), func(d vectors.Domain) bool { return d.Key == key }) {
		return a.T("vectors.domain." + key)
	}
	return key
}

var (
	measureLabels = map[string]string{
		"buyer": "vectors.measure.buyer", "supplier": "vectors.measure.supplier", "trade": "vectors.measure.trade", "product": "vectors.measure.product",
		"turnover": "vectors.measure.turnover", "turnover_product": "vectors.measure.turnover_product",
	}
	likenessLabels = map[string]string{"agreement": "vectors.likeness.agreement", "s": "vectors.likeness.s", "kappa": "vectors.likeness.kappa", "pi": "vectors.likeness.pi"}
	bondLabels     = map[string]string{"salience": "vectors.salience", "symmetry": "vectors.symmetry", "interdependence": "vectors.interdependence"}
	pressureLabels = map[string]string{"value": "vectors.pressure.value", "width": "vectors.pressure.width", "reliance": "vectors.pressure.reliance"}
	exposureLabels = map[string]string{"lost": "vectors.exposure.lost", "product": "vectors.exposure.product", "after": "vectors.exposure.after"}
	stanceLabels   = map[string]string{"equidistance": "vectors.equidistance", "depth": "vectors.depth", "lean": "vectors.lean"}
	breakLabels    = map[string]string{"position": "vectors.break.position", "apart": "vectors.break.apart", "visits": "vectors.break.visits"}
	breakParts     = map[string]string{"trend": "vectors.break.trend", "jump": "vectors.break.jump", "bend": "vectors.break.bend"}
)
