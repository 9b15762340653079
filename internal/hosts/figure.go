package hosts

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanyraq"
)

// Figure returns the figure that opens at path, without its first part, or a
// [shanyraq.NotFound] error. The query holds the weights of a potential.
func (r *Room) Figure(ctx context.Context, path string, q url.Values) (shanyraq.Figure, error) {
	none := func() (shanyraq.Figure, error) {
		return shanyraq.Figure{}, shanyraq.Errorf("hosts.Figure", shanyraq.NotFound, "no figure at hosts/%s", path)
	}
	some := func(f shanyraq.Figure, err error) (shanyraq.Figure, error) {
		if err == nil && f.IsZero() {
			return none()
		}
		return f, err
	}
	seg := strings.Split(path, "/")
	code := func(i int) shanyraq.CountryCode { return shanyraq.CountryCode(seg[i]) }
	switch {
	case seg[0] == "apart" && len(seg) == 4 && slices.Contains(Ways(), Way(seg[1])) && seg[1] != string(Geographic):
		d, err := r.Distance(ctx, Way(seg[1]), code(2), code(3))
		return some(d.Figure, err)
	case seg[0] == "groups" && len(seg) == 4:
		k, err := strconv.Atoi(seg[2])
		if err != nil {
			return none()
		}
		cs, err := r.Clusters(ctx, Way(seg[1]), k)
		if err != nil {
			return none()
		}
		for _, c := range cs {
			if c.Typical == code(3) {
				return some(c.Found, nil)
			}
		}
	case seg[0] == "fit" && len(seg) == 4 && slices.Contains(Themes(), Theme(seg[1])):
		f, err := r.Fit(ctx, Theme(seg[1]), code(2), code(3))
		return some(f.Predicted, err)
	case seg[0] == "kept" && len(seg) == 3:
		f, err := r.HeritageKept(ctx, code(1), code(2))
		return some(f, err)
	case seg[0] == "rival" && len(seg) == 4:
		rs, err := r.Rivals(ctx, "", code(1))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, v := range rs {
			if v.Place != code(2) {
				continue
			}
			if seg[3] == "presence" {
				return some(v.Presence, nil)
			}
			return some(v.Records[Kind(seg[3])], nil)
		}
	case (seg[0] == "returned" || seg[0] == "bodies") && len(seg) == 3:
		ps, err := r.Proxies(ctx, code(1), code(2))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, p := range ps {
			if !p.Figure.IsZero() && p.Figure.Path() == "hosts/"+path {
				return p.Figure, nil
			}
		}
	case seg[0] == "change" && len(seg) == 3:
		f, err := r.Since(ctx, shanyraq.SeriesID(seg[1]), code(2))
		return some(f, err)
	case seg[0] == "audience" && len(seg) == 5 && slices.Contains(Themes(), Theme(seg[2])) && slices.Contains(Audiences()[1:], Audience(seg[1])):
		f, err := r.Fit(ctx, Theme(seg[2]), code(3), code(4))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		return some(r.For(ctx, f, Audience(seg[1]), code(3), code(4)))
	case seg[0] == "response" && len(seg) == 4:
		rs, err := r.Reactions(ctx, "", code(1))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, x := range rs {
			if x.Rival == code(2) {
				return some(x.Shares[Response(seg[3])], nil)
			}
		}
	case seg[0] == "placed" && len(seg) == 4:
		ps, err := r.Placings(ctx, code(2))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, p := range ps {
			if string(p.Index.Rank) == seg[1] && strconv.Itoa(p.Year) == seg[3] {
				return some(p.Placed, nil)
			}
		}
	case seg[0] == "potential" && (len(seg) == 4 || len(seg) == 5):
		on, err := time.Parse(day, seg[3])
		if err != nil {
			return none()
		}
		w, err := ReadWeights(q)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		all, err := r.countries(ctx)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		if !slices.Contains(all, code(1)) || !slices.Contains(all, code(2)) || seg[1] == seg[2] {
			return none()
		}
		p, err := r.Prospect(ctx, code(1), code(2), on, w)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		if len(seg) == 5 {
			return some(p.Parts[Component(seg[4])], nil)
		}
		return some(p.Total, nil)
	}
	return none()
}
