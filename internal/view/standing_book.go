package view

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"shanyraq"
	"shanyraq/internal/publishers"
	"shanyraq/internal/standing"
)

// IndexBook returns a built-in index as a workbook: the values and the framework
// as COINr keeps them and the settings, from which it can be built again; then the
// whole league, what each element weighs, the audit sheet, and the sources. The
// name is that of a file.
func IndexBook(ctx context.Context, h *House, a *Ask, key standing.IndexKey) (name string, sheets []publishers.Sheet, err error) {
	a.Query.Set("show", "all")
	page, err := StandingIndex(ctx, h, a, key)
	if err != nil {
		return "", nil, err
	}
	audit, err := StandingAudit(ctx, h, a, key)
	if err != nil {
		return "", nil, err
	}
	v, err := openIndex(ctx, h, a, key, "")
	if err != nil {
		return "", nil, err
	}
	own := v.x.Own()
	var data, meta, settings bytes.Buffer
	if err := own.Write(&data, &meta); err != nil {
		return "", nil, err
	}
	if err := own.WriteConfigs(&settings); err != nil {
		return "", nil, err
	}
	add := func(name string, text []byte) {
		if err != nil {
			return
		}
		var s publishers.Sheet
		if s, err = publishers.SheetOf(name, text); err == nil {
			sheets = append(sheets, s)
		}
	}
	add("iData", data.Bytes())
	add("iMeta", meta.Bytes())
	rows := [][]string{{"json"}}
	for line := range strings.Lines(settings.String()) {
		rows = append(rows, []string{strings.TrimRight(line, "\n")})
	}
	add("settings", asCSV(rows))
	for _, t := range []*Table{page.Table("league"), page.Table("makeup"), audit.Table("audit")} {
		var b bytes.Buffer
		if t == nil || err != nil {
			continue
		}
		if err = t.WriteCSV(&b); err == nil {
			add(t.Key, b.Bytes())
		}
	}
	sources, e := h.Library.Sources(ctx)
	if e != nil {
		return "", nil, e
	}
	used := map[shanyraq.SourceID]bool{}
	for _, s := range append(page.Sources(), audit.Sources()...) {
		used[s] = true
	}
	rows = [][]string{{"source", "publisher", "title", "edition", "licence", "address"}}
	for _, s := range sources {
		if used[s.ID] {
			rows = append(rows, []string{string(s.ID), s.Publisher, s.Title, s.Edition, s.Licence, s.Address})
		}
	}
	add("sources", asCSV(append(rows, []string{"data version", h.Library.Version()})))
	return fmt.Sprintf("shanyraq-%s-%d.xlsx", v.x.Key, v.x.Year), sheets, err
}

func asCSV(rows [][]string) []byte {
	var b bytes.Buffer
	_ = csv.NewWriter(&b).WriteAll(rows) // a buffer takes everything
	return b.Bytes()
}
