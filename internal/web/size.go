package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/view"
)

// sheetUpload is how much a form of sizing may send, in bytes.
const sheetUpload = 4 << 20

// sizeForm leads to the form of one way: what a form answers has no address.
func (s *site) sizeForm(w http.ResponseWriter, q *request) error {
	kind := q.PathValue("kind")
	if !slices.Contains(view.SizingKinds(), kind) {
		return shanyraq.Errorf("web.sizeForm", shanyraq.NotFound, "no form %q", kind)
	}
	redirect(w, q, "/diaspora/methods#"+kind+"-h")
	return nil
}

// size answers a form of the page of methods: what was typed, or sent as a file,
// is read, worked out and forgotten.
func (s *site) size(w http.ResponseWriter, q *request) error {
	kind := q.PathValue("kind")
	q.Body = http.MaxBytesReader(w, q.Body, sheetUpload)
	if err := q.ParseMultipartForm(sheetUpload); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return refuse(http.StatusRequestEntityTooLarge, "diaspora.error.toolarge")
		}
		return refuse(http.StatusBadRequest, "web.error.form")
	}
	if q.MultipartForm != nil {
		defer q.MultipartForm.RemoveAll() // nothing is left to do if it fails
	}
	sheet, name := q.PostFormValue("sheet"), q.ask.T("diaspora.methods.field.sheet")
	if f, head, err := q.FormFile("sheet-file"); err == nil {
		body, err := io.ReadAll(f)
		_ = f.Close() // it was read
		if err != nil {
			return refuse(http.StatusBadRequest, "web.error.form")
		}
		if len(body) > 0 {
			sheet, name = string(body), head.Filename
		}
	}
	typed := func(field string) string {
		switch field {
		case "sheet":
			return sheet
		case "sheet.name":
			return name
		}
		return strings.TrimSpace(q.PostFormValue(field))
	}
	p, err := view.DiasporaMethods(q.Context(), q.house, q.ask)
	if err != nil {
		return err
	}
	at := -1
	for i := range p.Forms {
		if p.Forms[i].Key == kind {
			at = i
		}
	}
	if at < 0 {
		return shanyraq.Errorf("web.size", shanyraq.NotFound, "no form %q", kind)
	}
	form := p.Forms[at]
	form.Fill(typed)
	select {
	case s.sizes <- struct{}{}:
		defer func() { <-s.sizes }()
	case <-q.Context().Done():
		return q.Context().Err()
	}
	answer, err := view.Size(q.ask, kind, typed)
	status := http.StatusOK
	if err != nil {
		text := shanyraq.TextOf(err)
		if text.Key == "" || shanyraq.KindOf(err) != shanyraq.Invalid {
			return err
		}
		form.Trouble, status = q.ask.Loc.Text(text), http.StatusUnprocessableEntity
		answer = diaspora.Answer{}
	}
	// The answer stands first, and beside it only the form it came from.
	p.Forms, p.Tables = []view.Form{form}, nil
	p.Answer, p.Notes = view.Say("diaspora.methods.answered"), nil
	if status == http.StatusOK {
		p.Tables = view.Sizings(q.ask, answer)
	} else {
		p.Answer = view.Say("diaspora.methods.unanswered")
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.showAs(w, q, p, status)
}
