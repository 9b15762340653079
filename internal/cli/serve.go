package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/view"
)

// defaultAddr is where pages are served: to this machine alone.
const defaultAddr = "127.0.0.1:8090"

const addrUsage = "`HOST:PORT` to serve at; port 0 picks a free one"

func (a *app) serve() *cobra.Command {
	var addr string
	var open bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "serve the pages of your store",
		Long: `Serve serves the pages over the store that --db or SHANYRAQ_DB names, and holds
it for writing until it is stopped. Other commands may read it meanwhile.

It says "listening on" and the address when it is ready. There is no login: who
reaches the address may read and change everything.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			at, err := parseAddr(addr)
			if err != nil {
				return err
			}
			return a.storing(cmd.Context(), OpenOptions{}, func(ws view.Workspace) error {
				l, err := listen(cmd.Context(), at)
				if err != nil {
					return err
				}
				return a.pages(cmd.Context(), l, ws, open)
			})
		},
	}
	c.Flags().StringVar(&addr, "addr", defaultAddr, addrUsage)
	c.Flags().BoolVar(&open, "open", false, "show the pages in the browser")
	c.Flags().StringVar(&a.who, "who", "", "`NAME` in the log of changes; else that of the user")
	return c
}

func (a *app) demo() *cobra.Command {
	var addr string
	var open bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "serve the built-in example, on a store that goes when you stop",
		Long: `Demo serves the pages over the built-in tables and a store in a temporary folder,
so that everything can be tried, and shows them in the browser. It says
"listening on" and the address when it is ready. When it is stopped, with Ctrl-C,
the store goes.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.example(cmd.Context(), addr, open) },
	}
	c.Flags().StringVar(&addr, "addr", defaultAddr, addrUsage)
	c.Flags().BoolVar(&open, "open", true, "show the pages in the browser, if there is one")
	c.Flags().StringVar(&a.who, "who", "", "`NAME` in the log of changes; else that of the user")
	return c
}

// example serves the built-in tables with a store in a temporary folder.
func (a *app) example(ctx context.Context, addr string, open bool) (err error) {
	at, err := parseAddr(addr)
	if err != nil {
		return err
	}
	l, err := listen(ctx, at)
	if err != nil {
		return err
	}
	defer l.Close() // again after the server did, which does nothing
	folder, err := os.MkdirTemp("", "shanyraq-demo-")
	if err != nil {
		return shanyraq.Tell("cli.demo", shanyraq.Invalid, text("cli.error.temporary", "Path", os.TempDir()), "%w", err)
	}
	defer func() {
		if e := os.RemoveAll(folder); err == nil && e != nil {
			err = shanyraq.Errorf("cli.demo", shanyraq.Other, "%w", e)
		}
	}()
	a.db = filepath.Join(folder, "demo.db")
	return a.using(ctx, OpenOptions{Create: true}, func(ws view.Workspace) error { return a.pages(ctx, l, ws, open) })
}

// parseAddr returns the address to listen at. A port alone is of this machine.
func parseAddr(s string) (string, error) {
	if _, err := strconv.ParseUint(s, 10, 16); err == nil {
		return net.JoinHostPort("127.0.0.1", s), nil
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", wrong("cli.error.addr", "Found", s)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", wrong("cli.error.addr", "Found", s)
	}
	return net.JoinHostPort(host, port), nil
}

// windowsInUse is the error of a taken port on Windows.
const windowsInUse = syscall.Errno(10048)

// listen takes the address, or says why it cannot be had.
func listen(ctx context.Context, at string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", at)
	if err == nil {
		return l, nil
	}
	key, kind := "cli.error.listen", shanyraq.Invalid
	switch {
	case errors.Is(err, syscall.EADDRINUSE), runtime.GOOS == "windows" && errors.Is(err, windowsInUse):
		key, kind = "cli.error.taken", shanyraq.Conflict
	case errors.Is(err, fs.ErrPermission):
		key = "cli.error.port"
	}
	return nil, shanyraq.Tell("cli.listen", kind, text(key, "Address", at), "%w", err)
}

// The patience of the server: for a request to come in whole, which may be a
// large table, for an answer to go out, and for answers under way at the end.
const (
	headerWait = 10 * time.Second
	readWait   = 10 * time.Minute
	writeWait  = 10 * time.Minute
	idleWait   = 2 * time.Minute
	lastWait   = 5 * time.Second
)

// enough is how much memory the pages are asked to make do with, in bytes. It is
// no limit: more is taken where more is held.
const enough = 205 << 20

// frugal lets what is no longer needed go sooner, since a server stays beside
// whatever else its reader does. GOGC and GOMEMLIMIT say otherwise.
func (a *app) frugal() {
	if a.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	if a.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(enough)
	}
}

// pages serves the workspace until ctx ends.
func (a *app) pages(ctx context.Context, l net.Listener, ws view.Workspace, open bool) error {
	defer l.Close() // again after the server did, which does nothing
	h, err := ws.House(ctx, "")
	if err != nil {
		return err
	}
	home, err := h.Home(a.home)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return shanyraq.Errorf("cli.pages", shanyraq.Other, "%w", err)
	}
	a.frugal()
	handler, err := a.Serve(ws, ServeOptions{Home: home, Who: a.who, Hosts: names(host)})
	if err != nil {
		return err
	}
	// Answers under way are let finish, so they do not end with ctx.
	under, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerWait,
		ReadTimeout:       readWait,
		WriteTimeout:      writeWait,
		IdleTimeout:       idleWait,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return under },
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	address := "http://" + l.Addr().String()
	a.line("listening on " + address) // in every language: programs wait for it
	if err := a.out.Flush(); err != nil {
		return shanyraq.Errorf("cli.pages", shanyraq.Other, "standard output: %w", err)
	}
	go h.Warm(under, home)
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		a.note(a.loc.T("cli.serve.open"))
	}
	if open {
		a.browse(l.Addr())
	}
	select {
	case err := <-ended:
		return shanyraq.Errorf("cli.pages", shanyraq.Other, "%w", err)
	case <-ctx.Done():
	}
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), lastWait)
	defer stop()
	if err := srv.Shutdown(last); err != nil {
		cut()
		_ = srv.Close() // whoever is still reading has had their time
	}
	return nil
}

// names returns the names under which a server at the host may be called.
func names(host string) []string {
	ip := net.ParseIP(host)
	if ip != nil && ip.IsLoopback() {
		return nil
	}
	if name, err := os.Hostname(); err == nil && name != "" {
		short, _, _ := strings.Cut(name, ".")
		return []string{name, short, short + ".local"}
	}
	return nil
}

// browse shows the pages to the reader, or says where they are.
func (a *app) browse(at net.Addr) {
	address := "http://" + at.String()
	if tcp, ok := at.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		address = fmt.Sprintf("http://localhost:%d", tcp.Port)
	}
	if a.Browse == nil {
		return
	}
	if shown, err := a.Browse(address); shown && err != nil {
		a.note(a.loc.T("cli.serve.browser", "Address", address))
	}
}
