package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"shanyraq"
	"shanyraq/internal/view"
)

// Options say how the pages are served. The zero value serves Kazakhstan to
// this machine.
type Options struct {
	Home  shanyraq.CountryCode // shown to a reader who names none; KAZ if empty
	Now   func() time.Time     // time.Now if nil
	Log   *slog.Logger         // what the reader cannot act on; slog.Default() if nil
	Who   string               // in the log of changes; "web" if empty
	Hosts []string             // names the server answers to, besides localhost and any address in numbers
}

// site is the pages over one workspace. It is safe for use by several
// goroutines.
type site struct {
	ws    view.Workspace
	o     Options
	pages map[string]*template.Template
	files *assets
	held  *shelf[*view.Staged]
	sent  *shelf[*sentFiles]
	sizes chan struct{} // sizings under way: one at a time, for they take the machine's whole attention
	born  string        // tells the answers of this program from those of another run
}

// New returns the pages over the workspace. It returns an error if a template
// or an asset that ships with the program cannot be read.
func New(ws view.Workspace, o Options) (http.Handler, error) {
	if o.Home == "" {
		o.Home = "KAZ"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Who == "" {
		o.Who = "web"
	}
	s := &site{ws: ws, o: o, held: newShelf[*view.Staged](o.Now), sent: newShelf[*sentFiles](o.Now), sizes: make(chan struct{}, 1), born: rand.Text()[:8]}
	var err error
	if s.files, err = readAssets(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return s.guard(s.routes()), nil
}

// routes returns every address and who answers it.
func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	read := func(pattern string, h handler) { mux.Handle("GET "+pattern, s.answer(h)) }
	change := func(pattern string, h handler) { mux.Handle("POST "+pattern, s.answer(s.changing(h))) }

	read("/{$}", s.room(view.Overview))
	read("/overview", s.room(view.Overview))
	read("/standing", s.room(view.Standing))
	read("/standing/power", s.room(view.StandingPower))
	read("/standing/tiers", s.room(view.StandingTiers))
	read("/standing/conduct", s.room(view.StandingConduct))
	read("/standing/{index}", s.index(view.StandingIndex))
	read("/standing/{index}/sensitivity", s.index(view.StandingSensitivity))
	read("/standing/{index}/book", s.book)
	read("/standing/{index}/compare", s.index(view.StandingCompare))
	read("/standing/{index}/audit", s.index(view.StandingAudit))
	read("/vectors", s.room(view.Vectors))
	read("/vectors/balance", s.room(view.VectorsBalance))
	read("/vectors/asymmetry", s.room(view.VectorsAsymmetry))
	read("/vectors/votes", s.room(view.VectorsVotes))
	read("/vectors/routes", s.room(view.VectorsRoutes))
	read("/vectors/readings", s.room(view.VectorsReadings))
	read("/vectors/freight", s.room(view.VectorsFreight))
	read("/vectors/network", s.room(view.VectorsNetwork))
	read("/vectors/events", s.room(view.VectorsEvents))
	read("/vectors/acts", s.room(view.VectorsActs))
	read("/vectors/coding", s.room(view.VectorsCoding))
	read("/vectors/coding/sheet", s.codingSheet)
	read("/vectors/{place}", s.roomOf(view.Vector))
	read("/diaspora", s.room(view.Diaspora))
	read("/diaspora/coverage", s.room(view.DiasporaCoverage))
	read("/diaspora/revisions", s.room(view.DiasporaRevisions))
	read("/diaspora/backtest", s.room(view.DiasporaBacktest))
	read("/diaspora/priors", s.room(view.DiasporaPriors))
	read("/diaspora/methods", s.room(view.DiasporaMethods))
	read("/diaspora/methods/{kind}", s.sizeForm)
	mux.Handle("POST /diaspora/methods/{kind}", s.answer(s.size))
	read("/diaspora/{place}", s.roomOf(view.DiasporaHost))
	read("/hosts", s.room(view.Hosts))
	read("/hosts/compare", s.room(view.HostsCompare))
	read("/hosts/similar", s.room(view.HostsSimilar))
	read("/hosts/rivals", s.room(view.HostsRivals))
	read("/hosts/acculturation", s.room(view.HostsHeritage))
	read("/hosts/cases", s.room(view.HostsCases))
	read("/hosts/perception", s.room(view.HostsPerception))
	read("/hosts/fit", s.room(view.HostsFit))
	read("/hosts/potential", s.room(view.HostsPotential))
	read("/hosts/tiers", s.room(view.HostsTiers))
	change("/hosts/tiers/decide", s.formed("decide", view.HostsTiers, s.decide))
	change("/hosts/fit/judge", s.formed("judge", view.HostsFit, s.judge))
	read("/hosts/{place}", s.roomOf(view.Host))
	read("/f/{path...}", s.figure)

	read("/sources", s.room(func(_ context.Context, h *view.House, a *view.Ask) (*view.Page, error) {
		return view.Sources(h, a), nil
	}))
	read("/sources/{id}", s.source)
	read("/methods", s.methods)
	read("/methods/{key}", s.method)
	read("/search", s.search)
	read("/help", s.help)

	read("/activity", s.activity)
	change("/activity/undo", s.undo)
	read("/import", s.importForm)
	change("/import", s.stage)
	read("/import/{token}", s.staged)
	change("/import/{token}/commit", s.commit)
	change("/import/{token}/discard", s.discard)
	read("/groups", s.groups)
	read("/groups/{id}", s.group)
	change("/groups", s.putGroup)
	change("/groups/{id}", s.putGroup)
	change("/groups/{id}/delete", s.deleteGroup)
	change("/groups/{id}/restore", s.restoreGroup)

	mux.Handle("GET /assets/{build}/{file...}", s.files)
	mux.Handle("GET /favicon.ico", http.RedirectHandler(s.files.address("mark.svg"), http.StatusFound))
	mux.Handle("/", s.answer(func(w http.ResponseWriter, q *request) error {
		if q.Method != http.MethodGet && q.Method != http.MethodHead {
			return refuse(http.StatusMethodNotAllowed, "web.error.method")
		}
		return shanyraq.Errorf("web.routes", shanyraq.NotFound, "nothing at %s", q.URL.Path)
	}))
	return mux
}

// policy lets a page load what this server sends and nothing else. Pictures may
// also be written out in the page: the download of a chart draws one from text.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// guard puts before the routes what holds for every request.
func (s *site) guard(routes http.Handler) http.Handler {
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(s.answer(func(http.ResponseWriter, *request) error { return refuse(http.StatusForbidden, "web.error.cross") }))
	inner := own.Handler(routes)
	// A browser that is told to send no referrer names no origin with a form
	// either, and on a network without TLS that is all there is to tell our own
	// forms from others'. So this site alone is told.
	const referrer = "same-origin"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", policy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", referrer)
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		defer func() {
			if fault := recover(); fault != nil && fault != http.ErrAbortHandler {
				s.o.Log.Error("a page failed", "path", r.URL.Path, "fault", fmt.Sprint(fault))
				r = plain(r)
				s.fail(w, s.meet(w, r), errors.New("a mistake in the program"))
			}
		}()
		if !s.answersTo(r.Host) {
			http.Error(w, "This server does not answer to that name. / Сервер не отвечает на это имя. / Сервер бұл атқа жауап бермейді.", http.StatusMisdirectedRequest)
			return
		}
		inner.ServeHTTP(w, plain(r))
	})
}

// answersTo reports whether the server goes by the host: localhost, an address
// in numbers, or one of the names it was given. Any other name may have been
// pointed at this machine by a page that wants to read from it.
func (s *site) answersTo(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.ToLower(strings.Trim(name, "[]")), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	for _, own := range s.o.Hosts {
		if strings.EqualFold(own, name) || strings.EqualFold(own, host) {
			return true
		}
	}
	return false
}
