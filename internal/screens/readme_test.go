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
var commandLine = regexp.MustCompile(`(?m)^shanyraq ((?:[a-z]+ )+)`)

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
	for _, m := range commandLine.FindAllStringSubmatch(string(readme), -1) {
		words := strings.Fields(m[1])
		listed = append(listed, words[0])
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
	there := regexp.MustCompile(`(?m)^  ([a-z]+)  +\S`).FindAllStringSubmatch(groups[strings.Index(groups, "Usage:"):], -1)
	if len(there) < 10 {
		t.Errorf("the program lists only %d commands", len(there))
	}
	for _, m := range there {
		if !slices.Contains(listed, m[1]) {
			t.Errorf("the README does not list %s", m[1])
		}
	}
}
