package publishers

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// armsRegister is the transfer register of the SIPRI Arms Transfers Database: one
// row a deal, of which the deliveries are taken, one record each.
func armsRegister() Layout {
	return rowed{[]string{"Recipient", "Supplier", "Year of order", "Weapon designation", "Year(s) of delivery", "SIPRI TIV of delivered weapons"}, func(r *reading) (func(header, Row), func()) {
		return func(h header, row Row) {
			to, ok := r.names.Code(h.get(row, "recipient"))
			from, ok2 := r.names.Code(h.get(row, "supplier"))
			when := delivered(h.get(row, "year(s) of delivery"))
			if !ok || !ok2 || when == "" {
				r.skip++ // armed groups and bodies, and what is not yet delivered
				return
			}
			what := strings.TrimSpace(h.any(row, "number delivered", "deliveries in the year range") + " " + h.get(row, "weapon designation"))
			if s := h.get(row, "weapon description"); s != "" {
				what += ", " + s
			}
			note := []string{"ordered " + h.get(row, "year of order")}
			if s := h.get(row, "sipri tiv of delivered weapons"); s != "" {
				note = append(note, s+" million trend-indicator values")
			}
			if s := h.get(row, "status"); s != "" {
				note = append(note, strings.ToLower(s))
			}
			r.add(h.sheet, row.Line, claim{"series": "military_act", "place": string(to), "partner": string(from), "subject": shorten(what, 120), "when": when, "value": "1", "unit": "records", "note": strings.Join(note, "; ")})
		}, func() {}
	}}.layout("sipri-register", "Transfer register of the SIPRI Arms Transfers Database")
}

// delivered returns the time from the first to the last year named, as in
// "2004; 2005"; "" for none.
func delivered(s string) string {
	var years []int
	for _, part := range strings.FieldsFunc(s, func(c rune) bool { return c < '0' || c > '9' }) {
		if y, err := strconv.Atoi(part); err == nil && y >= 1900 && y <= 2100 {
			years = append(years, y)
		}
	}
	if len(years) == 0 {
		return ""
	}
	first, last := slices.Min(years), slices.Max(years)
	if first == last {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d..%d", first, last)
}

// ofWhom finds the other side in a line of a table of arms values.
var ofWhom = regexp.MustCompile(`(?i)^(?:tiv of arms|total) (?:exports|imports) (to|from) ([^,]+)`)

// armsValues is a table of values of the SIPRI Arms Transfers Database: suppliers
// of one recipient, or recipients of one supplier, by year.
func armsValues() Layout {
	first := func(b *Book) (s Sheet, at int, suppliers bool, ok bool) {
		for _, s := range b.Sheets {
			for i, row := range s.Rows[:min(len(s.Rows), mostHead)] {
				name := strings.ToLower(row.Cell(0))
				_, year := whole(row.Cell(1))
				if (name == "supplier" || name == "recipient") && year {
					return s, i, name == "supplier", true
				}
			}
		}
		return Sheet{}, 0, false, false
	}
	return Layout{Key: "sipri-values", Title: "Values of arms transfers by year, SIPRI Arms Transfers Database", Known: func(b *Book) bool { _, _, _, ok := first(b); return ok }, read: func(r *reading) error {
		s, at, suppliers, _ := first(r.book)
		var other shanyraq.CountryCode
		for _, row := range s.Rows {
			if m := ofWhom.FindStringSubmatch(strings.Trim(row.Cell(0), `"`)); m != nil && strings.EqualFold(m[1], "to") == suppliers {
				c, ok := r.names.Code(strings.TrimSpace(m[2]))
				if !ok {
					r.fault(s, row.Line, 0, "place", "place", "Found", m[2])
					return nil
				}
				other = c
			}
		}
		if other == "" {
			return refuse(s.File, s.Rows[at].Line, 1, "whose", "whose")
		}
		r.about("arms_from", "tiv", "military", "Arms delivered, by supplier", "Поставки оружия по поставщикам", "Жеткізушілер бойынша қару жеткізу")
		head := s.Rows[at]
		for _, row := range s.Rows[at+1:] {
			who, ok := r.names.Code(strings.TrimRight(row.Cell(0), "*"))
			if !ok {
				if row.Cell(0) != "" {
					r.skip++
				}
				continue
			}
			for k := 1; k < len(head.Cells); k++ {
				y, ok := fullYear(head.Cell(k))
				cell := row.Cell(k)
				if !ok || cell == "" {
					continue
				}
				v, ok := number(cell)
				if !ok || v < 0 {
					r.fault(s, row.Line, k, "number", "number", "Found", cell)
					continue
				}
				c := claim{"series": "arms_from", "place": string(other), "partner": string(who), "when": y, "value": decimal(v), "step": "1", "unit": "tiv"}
				if !suppliers {
					c["place"], c["partner"] = string(who), string(other)
				}
				if v == 0 { // deliveries, of up to half a million
					c["low"], c["high"], c["kind"] = "0", "0.5", "bounds"
					delete(c, "step")
				}
				r.add(s, row.Line, c)
			}
		}
		return nil
	}}
}

// exchange is the Diplomatic Exchange data of the Correlates of War project: one
// row a pair and year, and the level at which each is represented at the other.
func exchange() Layout {
	levels := map[string]string{"1": "chargé d'affaires", "2": "minister", "3": "ambassador", "9": "of another kind"}
	return rowed{[]string{"ccode1", "ccode2", "year", "DR_at_1", "DR_at_2"}, func(r *reading) (func(header, Row), func()) {
		return func(h header, row Row) {
			a, _ := whole(h.get(row, "ccode1"))
			b, _ := whole(h.get(row, "ccode2"))
			one, two := correlates[a], correlates[b]
			year, ok := fullYear(h.get(row, "year"))
			if one == "" || two == "" || !ok {
				r.skip++ // states that are no more
				return
			}
			for _, x := range []struct {
				column   string
				at, from shanyraq.CountryCode
			}{{"dr_at_1", one, two}, {"dr_at_2", two, one}} {
				if level, ok := levels[h.get(row, x.column)]; ok {
					r.add(h.sheet, row.Line, claim{"series": "diplomatic_post", "place": string(x.at), "partner": string(x.from), "subject": level, "when": year, "value": "1", "unit": "records"})
				}
			}
		}, func() {}
	}}.layout("cow-exchange", "Diplomatic Exchange, Correlates of War, version 2006")
}

// representation is the Diplomatic Representation data of Diplometrics: one row a
// sender, a destination and a year.
func representation() Layout {
	return rowed{[]string{"Year", "Sending Country", "Destination", "Embassy"}, func(r *reading) (func(header, Row), func()) {
		return func(h header, row Row) {
			from, ok := r.names.Code(h.get(row, "sending country"))
			at, ok2 := r.names.Code(h.get(row, "destination"))
			year, ok3 := fullYear(h.get(row, "year"))
			level, ok4 := number(h.get(row, "embassy"))
			if !ok || !ok2 || !ok3 || !ok4 || level <= 0 || from == at {
				r.skip++
				return
			}
			r.add(h.sheet, row.Line, claim{"series": "diplomatic_post", "place": string(at), "partner": string(from), "subject": "representation", "when": year, "value": "1", "unit": "records", "note": "level " + decimal(level) + " on the publisher's scale"})
		}, func() {}
	}}.layout("diplometrics", "Diplomatic Representation, Diplometrics")
}

// rollCalls is the file of votes in the General Assembly of the United Nations
// Digital Library: one row a state and a vote. One claim a vote comes of it, with
// who voted how in its note.
func rollCalls() Layout {
	type vote struct {
		day, session, resolution, title string
		line                            int
		by                              [3][]string
	}
	return rowed{[]string{"undl_id", "ms_code", "ms_vote", "date", "session", "resolution", "title"}, func(r *reading) (func(header, Row), func()) {
		all := map[string]*vote{}
		var order []string
		var file Sheet
		return func(h header, row Row) {
				file = h.sheet
				place, ok := r.names.Code(h.get(row, "ms_code"))
				how := strings.Index("YNA", cmp.Or(h.get(row, "ms_vote"), "X"))
				if !ok || how < 0 {
					r.skip++ // states that are no more, and who did not vote
					return
				}
				id := h.get(row, "undl_id")
				v := all[id]
				if v == nil {
					v = &vote{day: day(h.get(row, "date")), session: h.get(row, "session"), resolution: h.get(row, "resolution"), title: shorten(h.get(row, "title"), 160), line: row.Line}
					if v.day == "" {
						r.fault(h.sheet, row.Line, h.col["date"], "year", "year", "Found", h.get(row, "date"))
						return
					}
					all[id] = v
					order = append(order, id)
				}
				v.by[how] = append(v.by[how], string(place))
			}, func() {
				r.about("un_roll_call", "records", "diplomacy", "Recorded votes of the General Assembly", "Поимённые голосования Генеральной Ассамблеи", "Бас Ассамблеяның атаулы дауыстары")
				slices.SortStableFunc(order, func(a, b string) int { return cmp.Or(strings.Compare(all[a].day, all[b].day), strings.Compare(a, b)) })
				for _, id := range order {
					v := all[id]
					note := []string{"session " + strconv.Itoa(sessionOf(v.session, v.day))}
					for k, how := range []string{"Y", "N", "A"} {
						slices.Sort(v.by[k])
						note = append(note, how+" "+strings.Join(v.by[k], " "))
					}
					r.add(file, v.line, claim{"series": "un_roll_call", "place": string(shanyraq.World), "subject": shorten(cmp.Or(v.resolution, id)+" "+v.title, 180), "when": v.day, "value": "1", "unit": "records", "note": strings.Join(note, "; ")})
				}
			}
	}}.layout("un-votes", "Votes in the General Assembly, United Nations Digital Library")
}

// sessionOf returns the regular session, or for a special one that which was open
// on the day: sessions open in September, the first did in 1946.
func sessionOf(s, day string) int {
	if n, ok := whole(s); ok && n > 0 {
		return n
	}
	y, _ := strconv.Atoi(day[:4])
	if day[5:7] < "09" {
		y--
	}
	return y - 1945
}
