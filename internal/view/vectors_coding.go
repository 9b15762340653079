package view

import (
	"cmp"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

var itemLabels = map[string][2]string{
	"territory": {"vectors.coding.territory", "vectors.coding.territory.says"}, "entangle": {"vectors.coding.entangle", "vectors.coding.entangle.says"},
	"economy": {"vectors.coding.economy", "vectors.coding.economy.says"}, "resolve": {"vectors.coding.resolve", "vectors.coding.resolve.says"}, "": {"vectors.coding.together", "vectors.coding.together"},
}

// VectorsCoding returns the page of the coding sheet for soft balancing: what each
// item asks, how coders answered and how far they agree.
func VectorsCoding(ctx context.Context, h *House, a *Ask) (*Page, error) {
	return VectorsCodingOf(ctx, h, a, nil)
}

// VectorsCodingOf returns the same of codes given for one answer.
func VectorsCodingOf(ctx context.Context, h *House, a *Ask, given []shanyraq.Claim) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	c, err := h.Vectors.Coding(ctx, a.Home, given)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/coding", Question: a.T("vectors.coding.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}, Notes: []string{a.T("vectors.coding.note")}}
	whole := c.Items[len(c.Items)-1]
	switch {
	case len(c.Acts) == 0:
		p.Answer = Say("vectors.coding.answer.none", "Home", home)
	case whole.Alpha.IsZero():
		p.Answer = Say("vectors.coding.answer.untold", "Acts", len(c.Acts), "Coders", len(c.Coders))
	default:
		p.Answer = Say("vectors.coding.answer", "Acts", len(c.Acts), "Coders", len(c.Coders), "Alpha", whole.Alpha)
	}
	t := &Table{Key: "agreement", Title: a.T("vectors.coding.agreement"), Lead: Say("vectors.coding.agreement.lead"), RowHead: a.T("vectors.coding.item"),
		Columns: []Column{{Key: "says", Label: a.T("vectors.coding.asks")}, {Key: "acts", Label: a.T("vectors.coding.acts")}, {Key: "alpha", Label: a.T("vectors.coding.alpha"), Help: a.T("vectors.coding.alpha.help"), Figures: true}, {Key: "kappa", Label: a.T("vectors.coding.kappa"), Figures: true}, {Key: "same", Label: a.T("vectors.coding.same"), Figures: true}}}
	for _, x := range c.Items {
		none := a.T("vectors.coding.untold")
		label := itemLabels[x.Item]
		says := Cell{Text: a.T(label[1])}
		if x.Item == "" {
			says = Cell{}
		}
		t.Add(Row{Key: cmp.Or(x.Item, "all"), Label: a.T(label[0])}, says, Cell{Text: strconv.Itoa(x.Acts)}, Fig(x.Alpha, none), Fig(x.Kappa, none), Fig(x.Same, none))
	}
	codes := &Table{Key: "codes", Broad: true, Title: a.T("vectors.coding.codes"), RowHead: a.T("vectors.coding.act"), Empty: a.T("vectors.coding.codes.empty"),
		Columns: []Column{{Key: "power", Label: a.T("vectors.power")}, {Key: "when", Label: a.T("common.date")}}}
	if len(c.Coders) > 0 {
		codes.Lead = Say("vectors.coding.codes.lead", "Coders", strings.Join(c.Coders, ", "))
	}
	for _, item := range vectors.Items() {
		codes.Columns = append(codes.Columns, Column{Key: item, Label: a.T(itemLabels[item][0])})
	}
	for _, act := range c.Acts {
		when := a.Loc.Period(act.When)
		if act.When == "" {
			when = a.T("common.undated")
		}
		cells := []Cell{{Text: h.PlaceName(act.Power, lang)}, {Text: when}}
		for _, item := range vectors.Items() {
			var parts []string
			for _, who := range c.Coders {
				v, ok := act.Codes[item][who]
				if !ok {
					parts = append(parts, "·")
					continue
				}
				parts = append(parts, strconv.FormatFloat(v, 'f', -1, 64))
			}
			cells = append(cells, Cell{Text: strings.Join(parts, " ")})
		}
		codes.Add(Row{Key: strings.Join([]string{string(act.Power), act.Act, string(act.When)}, "/"), Label: act.Act}, cells...)
	}
	p.Tables = []*Table{t, codes}
	return p, nil
}

// CodingSheet writes an empty coding sheet: one row an act of home and an item,
// with no coder and no code, in the layout that is read again.
func CodingSheet(ctx context.Context, h *House, home shanyraq.CountryCode, w io.Writer) error {
	acts, err := h.Vectors.Acts(ctx, home)
	if err != nil {
		return err
	}
	c := csv.NewWriter(w)
	_ = c.Write([]string{"home", "act", "power", "when", "coder", "item", "code"}) // the writer keeps its first error
	var seen []string
	for _, x := range acts.Sheet() {
		key := string(x.Other) + x.Claim.Subject + string(x.Claim.When)
		if slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		for _, item := range vectors.Items() {
			_ = c.Write([]string{string(home), x.Claim.Subject, string(x.Other), string(x.Claim.When), "", item, ""})
		}
	}
	if c.Flush(); c.Error() != nil {
		return shanyraq.Errorf("view.CodingSheet", shanyraq.Other, "%w", c.Error())
	}
	return nil
}
