package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// assets are the files of dist. All stand under an address with a sum over all
// of them in it, so that a browser may keep what it has forever, and a change
// of any one gives all of them new addresses.
type assets struct {
	build string
	mark  template.HTML
	files map[string]*asset
}

// An asset is one file.
type asset struct {
	kind string
	body []byte
	zip  func() []byte // compressed when first asked for; nil if that gains nothing
}

func readAssets() (*assets, error) {
	manifest, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		return nil, err
	}
	var sums map[string]string
	if err := json.Unmarshal(manifest, &sums); err != nil {
		return nil, fmt.Errorf("dist/manifest.json: %w", err)
	}
	sum := sha256.Sum256(manifest)
	a := &assets{build: hex.EncodeToString(sum[:6]), files: map[string]*asset{}}
	for name := range sums {
		body, err := fs.ReadFile(dist, path.Join("dist", name))
		if err != nil {
			return nil, err
		}
		f := &asset{kind: kindOf(name), body: body}
		if path.Ext(name) != ".woff2" {
			f.zip = sync.OnceValue(func() []byte { return squeeze(body, gzip.BestCompression) })
		}
		a.files[name] = f
	}
	mark, ok := a.files["mark.svg"]
	if !ok {
		return nil, fmt.Errorf("dist/manifest.json names no mark.svg")
	}
	// It is our own drawing, put into pages so that it takes their colours.
	a.mark = template.HTML(strings.NewReplacer(`stroke="#2B6D89"`, `stroke="currentColor"`, "<svg ", `<svg aria-hidden="true" focusable="false" `).Replace(string(bytes.TrimSpace(mark.body)))) //nolint:gosec
	return a, nil
}

// kindOf returns the media type of an asset. It is not left to the machine's
// own tables, which differ.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// address returns where the asset is served.
func (a *assets) address(name string) string { return "/assets/" + a.build + "/" + name }

// ServeHTTP sends an asset. One asked for under the sum of another build is
// sent too, but not to be kept.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-cache")
	if r.PathValue("build") == a.build {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := f.body
	if f.zip != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body = f.zip()
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body) // the reader has gone; nothing to do
}

// takesGzip reports whether the reader takes compressed answers.
func takesGzip(r *http.Request) bool {
	for _, v := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(v), ";")
		if strings.EqualFold(name, "gzip") && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

var zippers sync.Pool

// squeeze returns b compressed.
func squeeze(b []byte, level int) []byte {
	var out bytes.Buffer
	var z *gzip.Writer
	if kept, ok := zippers.Get().(*gzip.Writer); ok && level == gzip.DefaultCompression {
		z = kept
		z.Reset(&out)
	} else {
		z, _ = gzip.NewWriterLevel(&out, level) // both levels in use are valid
	}
	_, _ = z.Write(b) // memory does not fail
	_ = z.Close()
	if level == gzip.DefaultCompression {
		zippers.Put(z)
	}
	return out.Bytes()
}
