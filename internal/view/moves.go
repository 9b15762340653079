package view

// Moves returns the table of the figures that an import moves, as they are
// before and after it. The house is that of either version: it says what the
// figures are of.
func Moves(h *House, a *Ask, moves []Move) *Table {
	t := &Table{Key: "moves", RowHead: a.T("moves.figure"),
		Empty: a.T("moves.none", "Home", h.PlaceName(a.Home, a.Loc.Lang())),
		Columns: []Column{
			{Key: "before", Label: a.T("moves.before"), Figures: true},
			{Key: "after", Label: a.T("moves.after"), Figures: true},
		}}
	if len(moves) > 0 {
		t.Title = a.T("moves.title", "Count", len(moves))
	}
	for _, m := range moves {
		f := m.After
		if f.IsZero() {
			f = m.Before
		}
		title, of := h.figureTitle(a, f)
		if of != "" {
			title += " · " + of
		}
		t.Add(Row{Key: m.Path, Label: title, Href: a.link("/f/" + escapePath(m.Path))},
			Fig(m.Before, a.T("moves.new")), Fig(m.After, a.T("moves.gone")))
	}
	return t
}
