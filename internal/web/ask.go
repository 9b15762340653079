package web

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

// A request is one question to the pages: what is asked, of which version of
// the evidence, and in which form the answer goes back.
type request struct {
	*http.Request
	ask    *view.Ask
	house  *view.House // of the version asked for
	newest string      // version, where the address names an earlier one; else empty
	format string      // "json", "csv", or "" for a page
	theme  string      // "light", "dark", or "" for what the reader's system prefers
}

// A handler answers one kind of request. An error it returns is shown to the
// reader as [site.fail] has it.
type handler func(w http.ResponseWriter, q *request) error

// answer makes the handler an http.Handler: it reads the address, and sees to
// errors.
func (s *site) answer(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := s.read(w, r)
		if err == nil {
			err = h(w, q)
		}
		if err != nil {
			s.fail(w, q, err)
		}
	})
}

// cookieLife is how long a browser keeps the language and the theme, in seconds.
const cookieLife = 365 * 24 * 3600

// read makes the address a request. Its request is fit to show an error with
// even when it returns one.
func (s *site) read(w http.ResponseWriter, r *http.Request) (*request, error) {
	q := s.meet(w, r)
	query := q.ask.Query
	at := query.Get("at")
	var err error
	if q.house, err = s.ws.House(r.Context(), at); err != nil {
		query.Del("at") // so that the way out of the error does not lead back to it
		return q, fmt.Errorf("version %q: %w", at, err)
	}
	if at != "" {
		newest, err := s.ws.House(r.Context(), "")
		if err != nil {
			return q, err
		}
		if v := newest.Library.Version(); v != q.house.Library.Version() {
			q.newest = v
		}
	}
	if home := query.Get("home"); home != "" {
		if q.ask.Home, err = q.house.Home(home); err != nil {
			q.ask.Home = s.o.Home
			query.Del("home")
			return q, err
		}
	}
	return q, nil
}

// meet returns the request with the reader's language and theme, and nothing
// of the evidence yet.
func (s *site) meet(w http.ResponseWriter, r *http.Request) *request {
	query := r.URL.Query()
	q := &request{Request: r, format: formatOf(r.Context())}
	lang := locale.Match(r.Header.Get("Accept-Language"), query.Get("lang"), cookie(r, "lang"))
	q.ask = &view.Ask{Home: s.o.Home, Query: query, Loc: locale.For(lang), Today: s.o.Now()}
	w.Header().Set("Content-Language", lang)
	if query.Get("lang") != "" {
		remember(w, r, "lang", lang)
	}
	q.theme = cookie(r, "theme")
	if t := query.Get("theme"); t != "" {
		q.theme = t
		remember(w, r, "theme", t)
	}
	if q.theme != "light" && q.theme != "dark" {
		q.theme = ""
	}
	return q
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// remember keeps a reader's choice in the browser. What is no choice is
// forgotten.
func remember(w http.ResponseWriter, r *http.Request, name, value string) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: cookieLife, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil}
	if !slices.Contains([]string{"light", "dark"}, value) && !slices.Contains(locale.Supported(), value) {
		c.Value, c.MaxAge = "", -1
	}
	http.SetCookie(w, c)
}

type formatKey struct{}

// plain returns the request without .json or .csv after its path; [formatOf]
// tells which it was.
func plain(r *http.Request) *http.Request {
	ext := path.Ext(r.URL.Path)
	if ext != ".json" && ext != ".csv" || strings.HasPrefix(r.URL.Path, "/assets/") {
		return r
	}
	r = r.WithContext(context.WithValue(r.Context(), formatKey{}, ext[1:]))
	u := *r.URL
	u.Path = strings.TrimSuffix(u.Path, ext)
	u.RawPath = strings.TrimSuffix(u.RawPath, ext)
	r.URL = &u
	return r
}

func formatOf(ctx context.Context) string {
	f, _ := ctx.Value(formatKey{}).(string)
	return f
}

// id returns the id of an element of the answer. What is shown in the drawer
// has names of its own, since it lies over a page that may have the same parts.
func (q *request) id(name string) string {
	if q.ask.Query.Get("part") != "" {
		return "part-" + name
	}
	return name
}

// passing are the keys of an address that are of the moment and not of the view.
var passing = []string{"part", "done", "theme", "table"}

// view returns the address of what is shown, with the changes made: pairs of
// key and value, where an empty value drops the key. Keys of the moment are
// dropped.
func (q *request) view(changes ...string) string {
	return address(q.path(), q.ask.Query, changes...)
}

// path returns the escaped path of the view, which is "/overview" in files.
func (q *request) path() string { return q.URL.EscapedPath() }

func address(path string, query url.Values, changes ...string) string {
	v := url.Values{}
	for k, values := range query {
		if !slices.Contains(passing, k) {
			v[k] = values
		}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if v.Del(changes[i]); changes[i+1] != "" {
			v.Set(changes[i], changes[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// file returns the address of the same content for programs: of one table, or
// of the whole view where table is empty.
func (q *request) file(format, table string) string {
	p := q.path()
	if p == "/" {
		p = "/overview"
	}
	return address(p+"."+format, q.ask.Query, "table", table)
}

// unchanged says which answer this is, and reports whether the reader has it
// already, in which case it has been told so. An answer follows from the
// address, the reader's language and theme, the version of the evidence and the
// day.
func (s *site) unchanged(w http.ResponseWriter, q *request) bool {
	if q.ask.Query.Get("done") != "" {
		w.Header().Set("Cache-Control", "no-store")
		return false
	}
	sum := fnv.New64a()
	for _, part := range []string{s.born, q.URL.RequestURI(), q.format, q.ask.Loc.Lang(), q.theme, string(q.ask.Home), q.house.Library.Version(), q.newest, q.ask.Today.Format("2006-01-02")} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	tag := fmt.Sprintf(`W/"%016x"`, sum.Sum64())
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	for _, known := range strings.Split(q.Header.Get("If-None-Match"), ",") {
		if strings.TrimSpace(known) == tag {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// placeOf returns the country named in the path, in any case, or a NotFound
// error.
func placeOf(q *request) (shanyraq.CountryCode, error) {
	s := q.PathValue("place")
	code := shanyraq.CountryCode(strings.ToUpper(s))
	if _, ok := q.house.Place(code); !ok {
		return "", shanyraq.Tell("web.placeOf", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": s}}, "no place %q", s)
	}
	return code, nil
}
