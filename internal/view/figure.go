package view

import (
	"context"
	"fmt"
	"html/template"
	"strings"

	"shanyraq"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/standing"
)

// A Lineage is the page of one figure: what it is, how it was obtained, from
// what and from whom, what would make it wrong, and how to cite it.
type Lineage struct {
	Path        string
	Title       string
	Subtitle    string
	Figure      shanyraq.Figure
	Value       string // in full, with unit, range, level and kind
	KindLong    string // what the range is a statement about
	Method      Link
	Formula     string
	Inputs      []Input
	Sources     []SourceLine
	Assumptions []AssumptionLine
	Draws       int
	Seed        uint64
	Claim       *ClaimLines // of a figure that is a claim as it stands
	Rivals      *Table      // what others say of the same thing
	Cite        string
	Version     string
}

// A Link is a text and where it leads.
type Link struct{ Label, Href string }

// An Input is one number that went into a figure.
type Input struct {
	Symbol string
	Label  string
	Value  string
	Href   string
}

// A SourceLine is one source of a figure.
type SourceLine struct {
	Link
	Publisher string
	Licence   string
	Address   string // of the page or table the number was read from
	Taken     string
	Strength  string
	Badge     string
}

// An AssumptionLine is something that must hold, and which way the figure errs
// where it does not.
type AssumptionLine struct{ Text, Errs, Key string }

// ClaimLines are the parts of a claim that a table has no room for.
type ClaimLines struct {
	Who, When, Definition, Meaning, Note, Strength, Badge string
}

// OpenFigure returns the page of the figure at path.
func OpenFigure(ctx context.Context, h *House, a *Ask, path string) (*Lineage, error) {
	f, err := h.Figure(ctx, path)
	if err != nil {
		return nil, err
	}
	loc, lang := a.Loc, a.Loc.Lang()
	l := f.Lineage()
	out := &Lineage{Path: f.Path(), Figure: f, Value: loc.Figure(f).Full, KindLong: loc.KindLong(f.Interval().Kind), Formula: l.Formula, Draws: l.Draws, Seed: l.Seed,
		Method:  Link{a.T("method." + string(l.Method) + ".title"), a.link("/methods/" + string(l.Method))},
		Version: h.Library.Version()}
	out.Title, out.Subtitle = h.figureTitle(a, f)
	if l.Method == diaspora.MethodUnion {
		if s := outside(a, f); s != "" {
			out.Subtitle += " · " + s
		}
	}
	for _, in := range l.Inputs {
		label := h.SeriesTitle(in.Series, lang)
		if in.Series == "" {
			label = h.inputTitle(ctx, a, in)
		}
		if in.Place != "" {
			label += " · " + h.PlaceName(in.Place, lang)
		}
		if id, ok := strings.CutPrefix(in.Path, "claim/"); ok {
			if c, err := h.Library.Claim(ctx, shanyraq.ClaimID(id)); err == nil && c.Subject != "" {
				label += " · " + c.Subject
			}
		}
		if in.When != "" {
			label += " · " + loc.Period(in.When)
		}
		value := loc.Number(in.Value, 4)
		if g, err := h.Figure(ctx, in.Path); err == nil {
			value = loc.Figure(g).Full
		}
		out.Inputs = append(out.Inputs, Input{in.Symbol, label, value, a.link("/f/" + escapePath(in.Path))})
	}
	var claim *shanyraq.Claim
	if id, ok := strings.CutPrefix(f.Path(), "claim/"); ok {
		c, err := h.Library.Claim(ctx, shanyraq.ClaimID(id))
		if err != nil {
			return nil, err
		}
		claim = &c
	}
	for _, id := range l.Sources {
		s := h.sourceOf[id]
		line := SourceLine{Link: Link{s.Title, a.link("/sources/" + string(id))}, Publisher: s.Publisher, Licence: s.Licence, Address: s.Address, Taken: loc.Period(s.Taken), Strength: loc.Strength(s.Strength), Badge: s.Strength.String()}
		if line.Label == "" {
			line.Label = string(id)
		}
		if claim != nil && claim.Address != "" {
			line.Address = claim.Address
		}
		out.Sources = append(out.Sources, line)
	}
	for _, x := range l.Assumptions {
		out.Assumptions = append(out.Assumptions, AssumptionLine{loc.Text(x.Text), loc.Direction(x.Errs), string(x.Errs)})
	}
	if claim != nil {
		d := h.Definition(claim.Definition)
		out.Claim = &ClaimLines{Who: worded(a, claim.Who), When: loc.Period(claim.When), Note: claim.Note, Strength: loc.Strength(claim.Strength), Badge: claim.Strength.String()}
		if claim.When == "" {
			out.Claim.When = a.T("common.undated")
		}
		if claim.Definition != "" {
			out.Claim.Definition, out.Claim.Meaning = d.Title(lang), inLanguage(d.Meaning, lang)
		} else if s, ok := h.Series(claim.Series); ok {
			out.Claim.Meaning = inLanguage(s.Meaning, lang)
		}
		if out.Rivals, err = h.rivals(ctx, a, *claim); err != nil {
			return nil, err
		}
	}
	out.Cite = h.cite(a, out)
	return out, nil
}

// rivals returns the other claims about the same series, place, partner and
// subject, or nil if there are none.
func (h *House) rivals(ctx context.Context, a *Ask, c shanyraq.Claim) (*Table, error) {
	q := shanyraq.Query{Series: []shanyraq.SeriesID{c.Series}, Places: []shanyraq.CountryCode{c.Place}}
	if c.Partner != "" {
		q.Partners = []shanyraq.CountryCode{c.Partner}
	}
	cs, err := h.Library.Claims(ctx, q)
	if err != nil {
		return nil, err
	}
	var other []shanyraq.Claim
	for _, x := range cs {
		if x.ID != c.ID && x.Subject == c.Subject && x.Area == c.Area && x.Partner == c.Partner {
			other = append(other, x)
		}
	}
	if len(other) == 0 || c.Unit == "records" {
		return nil, nil
	}
	t := h.claimTable(a, "rivals", a.T("figure.rivals"), other, claimColumns{definition: true})
	if len(other) == len(t.Rows) && len(t.Rows) > 80 {
		t.Rows = t.Rows[len(t.Rows)-80:]
	}
	return t, nil
}

// FigureTitle returns what the figure is of, and of which place and time.
func (h *House) FigureTitle(a *Ask, f shanyraq.Figure) (title, subtitle string) {
	return h.figureTitle(a, f)
}

// figureTitle says what the figure is of.
func (h *House) figureTitle(a *Ask, f shanyraq.Figure) (title, subtitle string) {
	lang := a.Loc.Lang()
	path, _, _ := strings.Cut(f.Path(), "?")
	seg := strings.Split(path, "/")
	place := func(i int) string {
		if i >= len(seg) {
			return ""
		}
		return h.PlaceName(shanyraq.CountryCode(seg[i]), lang)
	}
	switch seg[0] {
	case "claim":
		if len(seg) < 5 {
			break
		}
		title = h.SeriesTitle(shanyraq.SeriesID(seg[2]), lang)
		subtitle = place(3)
		if seg[4] != "-" && seg[4] != "" {
			subtitle += " · " + place(4)
		}
		if c, err := h.Library.Claim(context.Background(), shanyraq.ClaimID(strings.TrimPrefix(f.Path(), "claim/"))); err == nil {
			if c.Subject != "" {
				subtitle += " · " + c.Subject
			}
			if c.When != "" {
				subtitle += " · " + a.Loc.Period(c.When)
			}
		}
		return title, subtitle
	case "standing":
		if seg[1] == "tier" && len(seg) == 5 {
			return a.T("standing.tiers.share", "Tier", a.T(tierLabels[standing.Tier(seg[4])])), fmt.Sprintf("%s · %s", place(2), seg[3])
		}
		if seg[1] == "conduct" && len(seg) == 5 {
			return h.conductTitle(a, seg), place(2)
		}
		if seg[1] == "power" && len(seg) >= 5 {
			return powerTitle(a, seg), fmt.Sprintf("%s · %s", place(3), seg[4])
		}
		if seg[1] == "index" && len(seg) == 6 {
			return h.indexTitle(a, seg), fmt.Sprintf("%s · %s", place(3), seg[4])
		}
		if seg[1] == "material" && len(seg) == 5 {
			return a.T("standing." + seg[4]), fmt.Sprintf("%s · %s", place(2), seg[3])
		}
		if len(seg) == 4 {
			return a.T("standing.component." + seg[1]), fmt.Sprintf("%s · %s", place(2), seg[3])
		}
	case "hosts":
		return h.hostsTitle(a, seg)
	case "vectors":
		if title, subtitle, ok := h.vectorsTitle(a, seg); ok {
			return title, subtitle
		}
		if len(seg) == 5 {
			domain := a.T("vectors.domain."+seg[1], "From", "", "To", seg[4])
			if id, ok := strings.CutPrefix(seg[3], "total-"); ok {
				return domain, fmt.Sprintf("%s · %s · %s", place(2), h.sourceOf[shanyraq.SourceID(id)].Title, seg[4])
			}
			if seg[3] == "concentration" {
				return a.T("vectors.concentration") + ": " + domain, fmt.Sprintf("%s · %s", place(2), seg[4])
			}
			if seg[4] == "0" { // of undated claims
				return domain, fmt.Sprintf("%s · %s", place(2), place(3))
			}
			return domain, fmt.Sprintf("%s · %s · %s", place(2), place(3), seg[4])
		}
	case "diaspora":
		if title, subtitle, ok := h.diasporaTitle(a, seg); ok {
			return title, subtitle
		}
		if len(seg) >= 4 {
			return h.Definition(shanyraq.DefinitionID(seg[3])).Title(lang), a.T("figure.diaspora", "Home", place(1), "Host", place(2))
		}
	}
	return f.Path(), ""
}

// inputTitle says what an input that is itself a figure of a room is of.
func (h *House) inputTitle(ctx context.Context, a *Ask, in shanyraq.Input) string {
	if g, err := h.Figure(ctx, in.Path); err == nil {
		title, _ := h.figureTitle(a, g)
		return title
	}
	return in.Symbol
}

// cite returns a line to put under a quotation of the figure.
func (h *House) cite(a *Ask, l *Lineage) string {
	var names []string
	for _, s := range l.Sources {
		name := s.Publisher
		if name == "" {
			name = s.Label
		}
		names = append(names, name+", "+s.Label)
	}
	return a.T("figure.cite", "Title", l.Title, "Subtitle", l.Subtitle, "Value", l.Value, "Method", l.Method.Label, "Sources", strings.Join(names, "; "), "Version", l.Version, "Path", l.Path)
}

// Door returns the value as a link; it is the template's way to it.
func (l *Lineage) Door(a *Ask) template.HTML { return Door(a, l.Figure) }

// JSON returns the lineage for programs: the figure with all of its parts, and
// what the page says of it in the reader's language.
func (l *Lineage) JSON() any {
	type input struct {
		Symbol string `json:"symbol,omitempty"`
		Label  string `json:"label"`
		Text   string `json:"text"`
		Href   string `json:"href"`
	}
	type source struct {
		Title     string `json:"title"`
		Publisher string `json:"publisher"`
		Licence   string `json:"licence"`
		Address   string `json:"address,omitempty"`
		Taken     string `json:"taken,omitempty"`
		Strength  string `json:"strength,omitempty"`
	}
	type assumption struct {
		Text string `json:"text"`
		Errs string `json:"errs"`
	}
	out := struct {
		Path        string          `json:"path"`
		Title       string          `json:"title"`
		Subtitle    string          `json:"subtitle,omitempty"`
		Text        string          `json:"text"`
		Figure      shanyraq.Figure `json:"figure"`
		Range       string          `json:"range"`
		Method      string          `json:"method"`
		Inputs      []input         `json:"inputs,omitempty"`
		Sources     []source        `json:"sources"`
		Assumptions []assumption    `json:"assumptions,omitempty"`
		Note        string          `json:"note,omitempty"`
		Cite        string          `json:"cite"`
		Version     string          `json:"version"`
	}{Path: l.Path, Title: l.Title, Subtitle: l.Subtitle, Text: l.Value, Figure: l.Figure, Range: l.KindLong, Method: l.Method.Label, Cite: l.Cite, Version: l.Version}
	for _, x := range l.Inputs {
		out.Inputs = append(out.Inputs, input{x.Symbol, x.Label, x.Value, x.Href})
	}
	for _, x := range l.Sources {
		out.Sources = append(out.Sources, source{x.Label, x.Publisher, x.Licence, x.Address, x.Taken, x.Badge})
	}
	for _, x := range l.Assumptions {
		out.Assumptions = append(out.Assumptions, assumption{x.Text, x.Key})
	}
	if l.Claim != nil {
		out.Note = l.Claim.Note
	}
	return out
}
