package arch

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// assets are where the sources of scripts and styles are.
const assets = "internal/web/assets"

// needModules skips the test where the packages of the assets are not installed.
func needModules(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, assets, "node_modules")); err != nil {
		t.Skipf("the packages of the assets are not installed (npm ci in %s), so this cannot be checked here", assets)
	}
}

// TestAssetsAreFresh fails when the committed scripts, styles, map and fonts
// are not what their sources give.
func TestAssetsAreFresh(t *testing.T) {
	needModules(t)
	if out, err := checkAssets("../internal/web/dist"); err != nil {
		t.Errorf("make assets has not been run since the last change: %v\n%s", err, out)
	}
}

// checkAssets builds the assets and compares them with the files in dist, a
// folder as seen from tools.
func checkAssets(dist string) (string, error) {
	cmd := exec.Command("go", "run", "./assets", "-check", "-out", dist)
	cmd.Dir = filepath.Join(root, "tools")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestStaleAssetsAreSeen(t *testing.T) {
	needModules(t)
	dist := t.TempDir()
	if err := os.CopyFS(dist, os.DirFS(filepath.Join(root, "internal/web/dist"))); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dist, "app.css"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("\n/* by hand */\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := checkAssets(dist); err == nil {
		t.Errorf("a style sheet changed by hand passes: %s", out)
	}
}
