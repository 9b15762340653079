package cli

import (
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"shanyraq"
)

// The English of the parser of command lines, by which its complaints are told
// apart; it gives them no types.
var (
	strayShort   = regexp.MustCompile(`^unknown shorthand flag: '.' in (-\S+)`)
	strayFlag    = regexp.MustCompile(`^unknown flag: (\S+)`)
	bareFlag     = regexp.MustCompile(`^flag needs an argument: (?:'.' in )?(\S+)`)
	badFlag      = regexp.MustCompile(`^invalid argument "(.*)" for "(?:-\w, )?(--?\S+)" flag`)
	strayCommand = regexp.MustCompile(`^unknown command "(.*)" for "`)
	argCount     = regexp.MustCompile(`^(?:accepts|requires) .*received (\d+)`)
)

// wordedMisuse returns what is wrong with a command line and what to give instead,
// and false where the parser's own words have to do. typed is what was given
// after the program's name.
func wordedMisuse(c *cobra.Command, typed []string, complaint string) (shanyraq.Text, bool) {
	path := c.CommandPath()
	if m := strayShort.FindStringSubmatch(complaint); m != nil {
		found := m[1]
		for _, t := range typed { // the parser has eaten the letters it knew
			if strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "--") && strings.HasSuffix(t, strings.TrimPrefix(found, "-")) {
				found = t
			}
		}
		if strings.ContainsAny(strings.TrimLeft(found, "-")[:1], "0123456789.") {
			return text("cli.error.negative", "Found", found, "Command", path), true
		}
		name, _, _ := strings.Cut(strings.TrimLeft(found, "-"), "=")
		if c.Flag(name) != nil {
			return text("cli.error.dashes", "Command", path, "Found", found, "Flag", "--"+name), true
		}
		return text("cli.error.flag", "Command", path, "Found", found), true
	}
	if m := strayFlag.FindStringSubmatch(complaint); m != nil {
		return text("cli.error.flag", "Command", path, "Found", m[1]), true
	}
	if m := bareFlag.FindStringSubmatch(complaint); m != nil {
		return text("cli.error.flagbare", "Command", path, "Flag", m[1]), true
	}
	if m := badFlag.FindStringSubmatch(complaint); m != nil {
		return text("cli.error.flagbad", "Command", path, "Flag", m[2], "Found", m[1]), true
	}
	if m := strayCommand.FindStringSubmatch(complaint); m != nil {
		var known []string
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				known = append(known, sub.Name())
			}
		}
		if len(known) == 0 {
			return text("cli.error.extra", "Command", path, "Found", m[1]), true
		}
		return text("cli.error.verb", "Command", path, "Found", m[1], "Known", strings.Join(known, ", ")), true
	}
	if m := argCount.FindStringSubmatch(complaint); m != nil {
		_, takes, _ := strings.Cut(c.Use, " ")
		return text("cli.error.args", "Command", path, "Takes", takes, "Count", m[1], "Example", example(c)), true
	}
	return shanyraq.Text{}, false
}

// example returns one line that the command understands.
func example(c *cobra.Command) string {
	line, _, _ := strings.Cut(strings.TrimSpace(c.Example), "\n")
	if line == "" {
		line = c.CommandPath() + strings.TrimPrefix(c.Use, c.Name())
	}
	return strings.TrimSpace(line)
}

// helpFor returns the command that explains the one that was misused.
func helpFor(c *cobra.Command) string {
	if c == nil || !c.HasParent() {
		return "shanyraq help"
	}
	return "shanyraq help" + strings.TrimPrefix(c.CommandPath(), c.Root().Name())
}
