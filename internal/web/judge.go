package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/hosts"
	"shanyraq/internal/view"
)

// formed lets a request through to a change, and where what was typed can be
// mended shows the page again with it and with what is wrong.
func (s *site) formed(key string, page func(context.Context, *view.House, *view.Ask) (*view.Page, error), do func(q *request) (shanyraq.Activity, string, error)) handler {
	return func(w http.ResponseWriter, q *request) error {
		if err := q.ParseForm(); err != nil {
			return refuse(http.StatusBadRequest, "web.error.form")
		}
		a, to, err := do(q)
		if err == nil {
			tell(w, q, to, a)
			return nil
		}
		text := shanyraq.TextOf(err)
		if kind := shanyraq.KindOf(err); text.Key == "" || kind != shanyraq.Invalid && kind != shanyraq.NotFound {
			return err
		}
		p, again := page(q.Context(), q.house, q.ask)
		if again != nil {
			return again
		}
		for i := range p.Forms {
			if f := &p.Forms[i]; f.Key == key {
				f.Trouble = q.ask.Loc.Text(text)
				f.Fill(func(name string) string { return strings.TrimSpace(q.PostFormValue(name)) })
			}
		}
		return s.showAs(w, q, p, http.StatusUnprocessableEntity)
	}
}

// decide adds a decision about the tier of a host.
func (s *site) decide(q *request) (shanyraq.Activity, string, error) {
	q.ask.Query.Set("of", q.PostFormValue("place"))
	tier, err := strconv.Atoi(q.PostFormValue("tier"))
	if err != nil {
		tier = 0 // no tier, which the decision itself refuses
	}
	a, err := s.ws.Decide(q.Context(), shanyraq.CountryCode(q.PostFormValue("place")), hosts.Tier(tier), strings.TrimSpace(q.PostFormValue("memo")), s.o.Who)
	return a, "/hosts/tiers", err
}

// judge puts an analyst's own fit beside a prediction.
func (s *site) judge(q *request) (shanyraq.Activity, string, error) {
	place, theme := q.PostFormValue("place"), q.PostFormValue("theme")
	q.ask.Query.Set("in", place)
	q.ask.Query.Set("about", theme)
	typed := strings.Replace(strings.TrimSpace(q.PostFormValue("fit")), ",", ".", 1)
	v, err := strconv.ParseFloat(strings.Replace(typed, "−", "-", 1), 64)
	if err != nil {
		return shanyraq.Activity{}, "", shanyraq.Tell("web.judge", shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.fit", Args: map[string]any{"Value": typed}}, "%q is no number", typed)
	}
	a, err := s.ws.Judge(q.Context(), q.ask.Home, shanyraq.CountryCode(place), hosts.Theme(theme), v, strings.TrimSpace(q.PostFormValue("why")), s.o.Who)
	return a, "/hosts/fit?" + url.Values{"in": {place}, "about": {theme}}.Encode(), err
}
