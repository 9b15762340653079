package cli

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"time"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

// The exit statuses.
const (
	Done    = 0
	Refused = 1 // with a reason on standard error
	Misused = 2 // a wrong command line
)

// An Env is what the commands have of the world around them. Only Args,
// Getenv, Now, Stdin, Stdout, Stderr, BuiltIn and Open must be there.
type Env struct {
	Args   []string // without the name of the program
	Getenv func(string) string
	Now    func() time.Time
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	Terminal bool   // standard error is one, so that a line can be written over
	Who      string // in the log of changes, where no flag says otherwise
	Version  string // of the program

	// BuiltIn returns the workspace over the built-in tables alone.
	BuiltIn func() (view.Workspace, error)
	// Open returns the workspace over the store in the file at path.
	Open func(ctx context.Context, path string, o OpenOptions) (view.Workspace, error)
	// Serve returns the pages over the workspace.
	Serve func(view.Workspace, ServeOptions) (http.Handler, error)
	// Browse shows the address to the reader, or reports false where there is
	// nothing to show it with.
	Browse func(address string) (bool, error)
}

// OpenOptions say how a store is opened.
type OpenOptions struct {
	Create   bool                  // make the file if there is none
	ReadOnly bool                  // leave others free to change it
	Progress func(done, total int) // told how many claims of an import are in
}

// ServeOptions say how the pages are served.
type ServeOptions struct {
	Home  shanyraq.CountryCode // of readers who name none
	Who   string               // in the log of changes
	Hosts []string             // names under which the server may be called, beside this machine's own
}

// app is one run of the program.
type app struct {
	Env
	db, home, lang, at, who string
	json, csv               bool
	table                   string

	loc    *locale.Locale
	out    *bufio.Writer
	parsed bool // the command line was understood
}

// Run does what the arguments say and returns the exit status. When ctx ends
// it stops, and leaves the store as it was.
func Run(ctx context.Context, env Env) int {
	a := &app{Env: env, out: bufio.NewWriter(env.Stdout)}
	a.loc = locale.For(a.envLang())
	cmd := a.root()
	cmd.SetArgs(append([]string{}, env.Args...)) // none at all would be those of the process
	cmd.SetIn(env.Stdin)
	cmd.SetOut(a.out)
	cmd.SetErr(env.Stderr)
	at, err := cmd.ExecuteContextC(ctx)
	if err != nil && !a.parsed {
		err = misread(at, err)
	}
	if flush := a.out.Flush(); err == nil && flush != nil {
		err = shanyraq.Tell("cli.Run", shanyraq.Other, shanyraq.Text{Key: "cli.error.output"}, "standard output: %w", flush)
	}
	return a.tell(ctx, err)
}
