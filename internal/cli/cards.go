package cli

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/view"
)

// hostsCards writes the page of every country as a file to be printed.
func (a *app) hostsCards() *cobra.Command {
	var group, address string
	c := a.reads(&cobra.Command{Use: "cards FOLDER", Short: "the page of every country as a file to be printed", Args: cobra.ExactArgs(1),
		Long: `Cards writes one HTML file a country into a new or empty folder, with the style
and fonts it needs, ready to be printed or made into PDF by a browser: at most
four A4 pages each. They open without a server; the links of their numbers lead
to the address where the pages are served. It can be stopped; what is written
stays.`,
		Example: "  shanyraq hosts cards out --group turkic --lang kk",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.using(cmd.Context(), OpenOptions{ReadOnly: true}, func(ws view.Workspace) error { return a.cards(cmd.Context(), ws, args[0], group, address) })
		}})
	c.Flags().StringVar(&group, "group", "", "only the members of the group of this `ID`")
	c.Flags().StringVar(&address, "address", "http://127.0.0.1:7750", "`ADDRESS` where the pages are served, for the links")
	return c
}

var (
	aScript = regexp.MustCompile(`(?s)<script.*?</script>|<link [^>]*(preload|modulepreload|icon)[^>]*>`)
	anAsset = regexp.MustCompile(`(href|src)="(/assets/[^"]+)"`)
	aLink   = regexp.MustCompile(`(href|action)="(/[^"]*)"`)
	aFont   = regexp.MustCompile(`url\(\.(/fonts/[^)]+)\)`)
)

// cards writes the page of every country into the folder.
func (a *app) cards(ctx context.Context, ws view.Workspace, folder, group, address string) error {
	h, err := ws.House(ctx, a.at)
	if err != nil {
		return err
	}
	ask, err := a.ask(h)
	if err != nil {
		return err
	}
	if err := emptyFolder(folder); err != nil {
		return err
	}
	handler, err := a.Serve(ws, ServeOptions{Home: ask.Home, Who: a.who})
	if err != nil {
		return err
	}
	get := func(p string) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1"+p, nil)
		if err != nil {
			return nil, shanyraq.Errorf("cli.cards", shanyraq.Other, "%w", err)
		}
		r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:0"
		w := &kept{header: http.Header{}, code: http.StatusOK}
		handler.ServeHTTP(w, r)
		if w.code != http.StatusOK {
			return nil, shanyraq.Errorf("cli.cards", shanyraq.Other, "%s answers %d", p, w.code)
		}
		return w.body.Bytes(), nil
	}
	codes, err := h.Members(ask, shanyraq.GroupID(group))
	if err != nil {
		return err
	}
	m := a.watch("cli.progress.cards")
	defer m.end()
	taken := map[string]bool{}
	for i, code := range codes {
		if ctx.Err() != nil {
			return shanyraq.Errorf("cli.cards", shanyraq.Other, "%w", ctx.Err())
		}
		m.set(int64(i), int64(len(codes)))
		page, err := get("/hosts/" + string(code) + "?theme=light&home=" + string(ask.Home) + "&lang=" + a.loc.Lang() + "&at=" + a.at)
		if err != nil {
			return err
		}
		page = aScript.ReplaceAll(page, nil)
		for _, x := range anAsset.FindAllSubmatch(page, -1) {
			if err := takeAsset(folder, string(x[2]), taken, get); err != nil {
				return err
			}
		}
		page = anAsset.ReplaceAllFunc(page, func(b []byte) []byte { return bytes.Replace(b, []byte(`"/`), []byte(`"`), 1) })
		page = aLink.ReplaceAll(page, []byte(`$1="`+strings.TrimSuffix(address, "/")+`$2"`))
		if err := os.WriteFile(filepath.Join(folder, string(code)+".html"), page, 0o644); err != nil { //nolint:gosec // to be read by anybody
			return shanyraq.Errorf("cli.cards", shanyraq.Other, "%w", err)
		}
	}
	m.set(int64(len(codes)), int64(len(codes)))
	a.line(a.loc.T("cli.cards.done", "Count", len(codes), "Path", folder))
	return nil
}

// kept is an answer kept in memory.
type kept struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(code int)        { k.code = code }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }

// emptyFolder makes the folder, or makes sure that nothing is in it.
func emptyFolder(name string) error {
	if err := os.MkdirAll(name, 0o755); err != nil { //nolint:gosec // to be read by anybody
		return shanyraq.Tell("cli.cards", shanyraq.Invalid, text("cli.error.newfolder", "Path", name), "%w", err)
	}
	all, err := os.ReadDir(name)
	if err != nil || len(all) > 0 {
		return shanyraq.Tell("cli.cards", shanyraq.Conflict, text("cli.error.newfolder", "Path", name), "%s is not empty: %w", name, errors.Join(err, os.ErrExist))
	}
	return nil
}

// takeAsset writes a style with the fonts it names, once.
func takeAsset(folder, address string, taken map[string]bool, get func(string) ([]byte, error)) error {
	address, _, _ = strings.Cut(address, "?")
	if taken[address] {
		return nil
	}
	taken[address] = true
	b, err := get(address)
	if err != nil {
		return err
	}
	to := filepath.Join(folder, filepath.FromSlash(path.Clean(address)))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil { //nolint:gosec // to be read by anybody
		return shanyraq.Errorf("cli.cards", shanyraq.Other, "%w", err)
	}
	if err := os.WriteFile(to, b, 0o644); err != nil { //nolint:gosec // to be read by anybody
		return shanyraq.Errorf("cli.cards", shanyraq.Other, "%w", err)
	}
	for _, x := range aFont.FindAllSubmatch(b, -1) {
		if err := takeAsset(folder, path.Dir(address)+string(x[1]), taken, get); err != nil {
			return err
		}
	}
	return nil
}
