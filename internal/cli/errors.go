package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
	"shanyraq/internal/ingest"
)

// A misuse is a command line that cannot be followed.
type misuse struct {
	say shanyraq.Text // or err, in English, from the parser of command lines
	err error
}

func (m *misuse) Error() string {
	if m.err != nil {
		return m.err.Error()
	}
	return m.say.Key
}

func (m *misuse) Unwrap() error { return m.err }

// wrong returns a misuse with the message of the key; args alternate name and
// value.
func wrong(key string, args ...any) error { return &misuse{say: text(key, args...)} }

// What the parser of command lines says of flags and arguments.
var (
	shortFlag  = regexp.MustCompile(`^unknown shorthand flag: '(.)' in (-.+)$`)
	longFlag   = regexp.MustCompile(`^unknown flag: (--.+)$`)
	flagValue  = regexp.MustCompile(`^invalid argument "(.*)" for "(?:-., )?(--[^"]+)" flag`)
	tooFewArgs = regexp.MustCompile(`^(?:accepts|requires) .*arg\(s\), (?:only )?received (\d+)$`)
)

// misread returns the misuse that the parser of command lines found at a
// command, in words that name what was found and the remedy. What it has no words
// for stays as the parser has it.
func misread(at *cobra.Command, err error) error {
	said, command := err.Error(), at.CommandPath()
	if m := shortFlag.FindStringSubmatch(said); m != nil {
		if strings.ContainsAny(m[1], "0123456789.") {
			return wrong("cli.error.negative", "Found", m[2], "Command", command)
		}
		return wrong("cli.error.flag", "Found", m[2], "Command", command)
	}
	if m := longFlag.FindStringSubmatch(said); m != nil {
		return wrong("cli.error.flag", "Found", m[1], "Command", command)
	}
	if m := flagValue.FindStringSubmatch(said); m != nil {
		return wrong("cli.error.flagvalue", "Found", m[1], "Flag", m[2], "Command", command)
	}
	if m := tooFewArgs.FindStringSubmatch(said); m != nil {
		return wrong("cli.error.args", "Found", m[1], "Command", command, "Usage", at.UseLine())
	}
	return &misuse{err: err}
}

// refuse returns an Invalid error with the message of the key.
func refuse(key string, args ...any) error {
	return shanyraq.Tell("cli", shanyraq.Invalid, text(key, args...), "%s", key)
}

// errFound stops a command that has told its bad news as its result.
var errFound = errors.New("faults were found")

func text(key string, args ...any) shanyraq.Text {
	t := shanyraq.Text{Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		t.Args[args[i].(string)] = args[i+1]
	}
	return t
}

// tell writes the error as the reader should see it and returns the exit
// status that goes with it.
func (a *app) tell(ctx context.Context, err error) int {
	var use *misuse
	var faults *ingest.Faults
	switch {
	case err == nil:
		return Done
	case errors.Is(err, errFound):
		return Refused
	case errors.As(err, &use):
		say := a.loc.Text(use.say)
		if use.err != nil {
			say = use.err.Error()
		}
		a.note("shanyraq: " + say + "\n" + a.loc.T("cli.error.help"))
		return Misused
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		a.note("shanyraq: " + a.loc.T("cli.stopped"))
	case errors.As(err, &faults):
		for _, line := range a.faultLines(faults) {
			a.note(line)
		}
		a.note("shanyraq: " + a.sentence(err))
	default:
		a.note("shanyraq: " + a.sentence(err))
	}
	return Refused
}

// note writes a line to standard error.
func (a *app) note(s string) { fmt.Fprintln(a.Stderr, s) }

// sentence returns the error in the reader's language. What nobody thought to
// word for a reader is in English, with what it is about.
func (a *app) sentence(err error) string {
	if t := shanyraq.TextOf(err); t.Key != "" && a.loc.Has(t.Key) {
		return a.loc.Text(t)
	}
	return a.loc.T("cli.error.other", "Detail", err.Error())
}

// faultLines returns the faults as lines "file:line:column: what; remedy".
func (a *app) faultLines(f *ingest.Faults) []string {
	lines := make([]string, 0, len(f.List)+1)
	for _, one := range f.List {
		lines = append(lines, a.faultLine(one))
	}
	if f.More > 0 {
		lines = append(lines, a.loc.T("ingest.more", "Count", f.More))
	}
	return lines
}

func (a *app) faultLine(f ingest.Fault) string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, ":%d", f.Column)
		}
	}
	return b.String() + ": " + a.loc.Text(f.Text) + "; " + a.loc.Text(f.Remedy)
}

// readable opens a file to read, or says why it cannot be.
func readable(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err == nil {
		info, e := f.Stat()
		if e == nil && !info.IsDir() {
			return f, nil
		}
		_ = f.Close() // nothing was read
		if err = e; err == nil {
			return nil, refuse("cli.error.folder", "Path", name)
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, refuse("cli.error.nofile", "Path", name)
	case errors.Is(err, fs.ErrPermission):
		return nil, refuse("cli.error.denied", "Path", name)
	}
	return nil, shanyraq.Errorf("cli", shanyraq.Other, "%w", err)
}
