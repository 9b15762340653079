// Command shanyraq serves the pages and runs the commands. It wires the parts:
// the workspace that reads and keeps the evidence, and the two faces.
//
// Run "shanyraq help" for what it can do.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"shanyraq/internal/cli"
	"shanyraq/internal/view"
	"shanyraq/internal/web"
	"shanyraq/internal/workspace"
)

// version is set when a release is linked.
var version = ""

func main() { os.Exit(run()) }

// run runs the command line of the process and returns its exit status.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	return cli.Run(ctx, cli.Env{
		Args:     os.Args[1:],
		Getenv:   os.Getenv,
		Now:      time.Now,
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Terminal: isTerminal(os.Stderr),
		Who:      who(),
		Version:  versionOf(),
		BuiltIn:  func() (view.Workspace, error) { return workspace.BuiltIn() },
		Open: func(ctx context.Context, path string, o cli.OpenOptions) (view.Workspace, error) {
			return workspace.Open(ctx, path, workspace.Options{Now: time.Now, Create: o.Create, ReadOnly: o.ReadOnly, Progress: o.Progress})
		},
		Serve: func(ws view.Workspace, o cli.ServeOptions) (http.Handler, error) {
			return web.New(ws, web.Options{Home: o.Home, Now: time.Now, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Who: o.Who, Hosts: o.Hosts})
		},
		Browse: browse,
	})
}

// isTerminal reports whether somebody may be reading along.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// who returns the name of the user, for the log of changes.
func who() string {
	for _, name := range []string{"USER", "USERNAME"} {
		if s := os.Getenv(name); s != "" {
			return s
		}
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "cli"
}

// versionOf returns the version of the program: as released, else the revision
// it was built from.
func versionOf() string {
	if version != "" {
		return version
	}
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	v := b.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	for _, s := range b.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && v == "devel" {
			v += " " + s.Value[:12]
		}
	}
	return v
}

// browse opens the address in the reader's browser. It reports false where
// there is no screen to open one on.
func browse(address string) (bool, error) {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", address)
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return false, nil
		}
		cmd = exec.Command("xdg-open", address)
	}
	if err := cmd.Start(); err != nil {
		return true, err
	}
	go cmd.Wait() // whatever it says, the page was asked for
	return true, nil
}
