package web

import (
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"shanyraq"
	"shanyraq/internal/view"
)

// worthwhile is the size from which an answer is compressed, in bytes.
const worthwhile = 1400

// send writes the answer, compressed where the reader takes it.
func (s *site) send(w http.ResponseWriter, q *request, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	if len(body) >= worthwhile && takesGzip(q.Request) {
		h.Set("Content-Encoding", "gzip")
		body = squeeze(body, gzip.DefaultCompression)
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader has gone; nothing to do
}

// sendJSON writes v.
func (s *site) sendJSON(w http.ResponseWriter, q *request, status int, kind string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.send(w, q, status, kind, append(b, '\n'))
	return nil
}

// refusal is an error with a status of its own.
type refusal struct {
	status int
	error
}

func (r refusal) Unwrap() error { return r.error }

// refuse returns an error that is answered with the status and shows the message.
func refuse(status int, key string, args ...any) error {
	m := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return refusal{status, shanyraq.Tell("web", shanyraq.Invalid, shanyraq.Text{Key: key, Args: m}, "%s", key)}
}

// trouble is what a reader is told of an error.
type trouble struct {
	Status int
	Title  string
	Text   string
	What   string // to do
}

// troubleOf returns what to tell the reader of err. What is withheld is told
// of exactly as what does not exist.
func troubleOf(q *request, err error) trouble {
	kind, text := shanyraq.KindOf(err), shanyraq.TextOf(err)
	if kind == shanyraq.Withheld {
		kind, text = shanyraq.NotFound, shanyraq.Text{}
	}
	t := trouble{Status: http.StatusInternalServerError, Title: q.ask.T("page.fault"), What: q.ask.T("page.fault.text")}
	fallback := ""
	switch kind {
	case shanyraq.Invalid:
		t = trouble{Status: http.StatusBadRequest, Title: q.ask.T("page.wrong"), What: q.ask.T("web.error.invalid.what")}
		fallback = "web.error.invalid.text"
	case shanyraq.NotFound:
		t = trouble{Status: http.StatusNotFound, Title: q.ask.T("page.missing"), What: q.ask.T("page.missing.text")}
		fallback = "web.error.notfound.text"
	case shanyraq.Conflict:
		t = trouble{Status: http.StatusConflict, Title: q.ask.T("web.error.conflict.title"), What: q.ask.T("web.error.conflict.what")}
		fallback = "web.error.conflict.text"
	}
	var r refusal
	if errors.As(err, &r) {
		t.Status = r.status
	}
	// What a reader can act on is said even where the fault is ours, such as a
	// full disk.
	t.Text = q.ask.Loc.Text(text)
	if room, _, _ := strings.Cut(text.Key, "."); room == "store" || room == "workspace" {
		t.Text = sentence(t.Text)
	}
	if t.Text == "" && fallback != "" {
		t.Text = q.ask.T(fallback, "Path", q.URL.Path)
	}
	return t
}

// sentence returns as a sentence a message that was written to follow the name
// of a file or a command.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	first, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[n:]
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.IsLetter(last) || unicode.IsDigit(last) {
		s += "."
	}
	return s
}

// fail tells the reader of err: on a page, or for programs as a problem in
// JSON. What the reader can do nothing about is logged.
func (s *site) fail(w http.ResponseWriter, q *request, err error) {
	if errors.Is(err, context.Canceled) && q.Context().Err() != nil {
		return // the reader has gone
	}
	h := w.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	t := troubleOf(q, err)
	if t.Status == http.StatusInternalServerError {
		s.o.Log.ErrorContext(q.Context(), "a request failed", "method", q.Method, "path", q.URL.Path, "err", err)
	}
	if q.format != "" {
		err = s.sendJSON(w, q, t.Status, "application/problem+json", struct {
			Type   string `json:"type"`
			Title  string `json:"title"`
			Status int    `json:"status"`
			Detail string `json:"detail"`
		}{"about:blank", t.Title, t.Status, cmp.Or(t.Text, t.What)})
	} else {
		q.ask.Query.Del("done")
		err = s.render(w, q, t.Status, "error", s.frame(q, "", t.Title, t))
	}
	if err != nil { // the page of errors is broken
		s.o.Log.ErrorContext(q.Context(), "an error could not be shown", "err", err)
		http.Error(w, cmp.Or(t.Text, t.Title), t.Status)
	}
}

// redirect sends the reader on after a change.
func redirect(w http.ResponseWriter, q *request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, q.Request, q.ask.Carry(to), http.StatusSeeOther)
}

// tableOf returns the table of that key on the page, the first for "", or a
// NotFound error.
func tableOf(p *view.Page, key string) (*view.Table, error) {
	if t := p.Table(key); t != nil {
		return t, nil
	}
	return nil, shanyraq.Tell("web.tableOf", shanyraq.NotFound, shanyraq.Text{Key: "web.error.table", Args: map[string]any{"Key": key}}, "no table %q", key)
}
