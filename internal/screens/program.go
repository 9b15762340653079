package screens

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"time"
)

// BuildOptions say how the program is compiled.
type BuildOptions struct {
	Release bool     // stripped and without paths of this machine; else as go run does, which shares its cache
	Env     []string // added to the environment of the compiler
}

// Build compiles the program without cgo into the folder, from a folder of the
// repository, and returns the path of the binary.
func Build(ctx context.Context, repository, folder string, o BuildOptions) (string, error) {
	bin := filepath.Join(folder, "shanyraq")
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	args := []string{"build", "-o", bin}
	if o.Release {
		args = append(args, "-trimpath", "-ldflags=-s -w")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./cmd/shanyraq")...)
	cmd.Dir = repository
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), o.Env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return bin, nil
}

// A Program is the program running, with its pages at Address.
type Program struct {
	Address string        // such as http://127.0.0.1:41234, without a slash at the end
	Ready   time.Duration // from the start to the line that says so
	cmd     *exec.Cmd
	done    chan error
	said    *tail
}

// patience is how long the program may take to say that it is ready, and to stop.
const patience = 30 * time.Second

// readyLine is what the program says when its pages can be opened.
var readyLine = regexp.MustCompile(`listening on (http://[^\s/]+)`)

// Start runs the binary with the arguments and waits until it says that it is
// listening. Stop ends it.
func Start(bin string, args ...string) (*Program, error) {
	p := &Program{cmd: exec.Command(bin, args...), done: make(chan error, 1), said: &tail{}}
	out, in := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = in, in
	address := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.said.add(lines.Text())
			if m := readyLine.FindStringSubmatch(lines.Text()); m != nil {
				select {
				case address <- m[1]:
				default:
				}
			}
		}
		_, _ = io.Copy(io.Discard, out) // a line too long to scan must not stop the program
	}()
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		err := p.cmd.Wait()
		_ = in.Close()
		p.done <- err
	}()
	select {
	case p.Address = <-address:
		p.Ready = time.Since(begin)
		return p, nil
	case err := <-p.done:
		return nil, fmt.Errorf("%s %v ended before it was ready: %v\n%s", bin, args, err, p.said)
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
		return nil, fmt.Errorf("%s %v was not ready after %v\n%s", bin, args, patience, p.said)
	}
}

// PID returns the number the system knows the running program by.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Said returns the last lines the program wrote.
func (p *Program) Said() string { return p.said.String() }

// Stop asks the program to end, as Ctrl-C does, and waits for it. It returns an
// error if the program had to be killed or ended otherwise than well.
func (p *Program) Stop() error {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		_ = p.cmd.Process.Kill() // Windows has no interrupt to send
	}
	select {
	case err := <-p.done:
		return err
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
		return errors.New("the program did not stop when interrupted")
	}
}

// tail keeps the last lines of a text. It is safe for several goroutines.
type tail struct {
	mu    sync.Mutex
	lines [][]byte
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines = append(t.lines, []byte(line)); len(t.lines) > 50 {
		t.lines = t.lines[1:]
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.Join(t.lines, []byte("\n")))
}
