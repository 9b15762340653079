package screens

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// commandLine is a line of the README's list of commands: the words of the
// command, then what it is given.
// Lines that begin with a space go on with the one before.
var commandLine = regexp.MustCompile(`(?m)^shanyraq ((?:[a-z][a-z-]* )+).*\n(?: .*\n)*`)

// commandIn is a command in a list of the program's help.
var commandIn = regexp.MustCompile(`(?m)^  ([a-z-]+)  +\S`)

// The README lists the commands there are, and all of them.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the program is not built for this in a short run")
	}
	b, err := built()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	said := map[string]string{} // all that is said of a command, by its first word
	for _, m := range commandLine.FindAllStringSubmatch(string(readme), -1) {
		words := strings.Fields(m[1])
		listed = append(listed, words[0])
		said[words[0]] += m[0]
		if out, err := exec.Command(b.bin, append([]string{"help"}, words...)...).CombinedOutput(); err != nil {
			t.Errorf("the README lists %s, of which the program says: %s", strings.Join(words, " "), out)
		}
	}
	help, err := exec.Command(b.bin, "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	// Commands stand in the groups before the additional ones.
	groups, _, _ := strings.Cut(string(help), "Additional Commands")
	there := commandIn.FindAllStringSubmatch(groups[strings.Index(groups, "Usage:"):], -1)
	if len(there) < 10 {
		t.Errorf("the program lists only %d commands", len(there))
	}
	for _, m := range there {
		noun := m[1]
		if !slices.Contains(listed, noun) {
			t.Errorf("the README does not list %s", noun)
			continue
		}
		help, err := exec.Command(b.bin, "help", noun).Output()
		if err != nil {
			t.Fatal(err)
		}
		_, verbs, ok := strings.Cut(string(help), "Available Commands:")
		if !ok {
			continue
		}
		for _, v := range commandIn.FindAllStringSubmatch(verbs, -1) {
			if !regexp.MustCompile(`[ \n]` + v[1] + `[,;\s]`).MatchString(said[noun]) {
				t.Errorf("the README says nothing of %s %s", noun, v[1])
			}
		}
	}
}
