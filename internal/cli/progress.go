package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"shanyraq/internal/locale"
)

// Something is told of what takes longer than patience, and again after each
// pause.
const (
	patience = 2 * time.Second
	pause    = time.Second
)

// A meter tells on standard error how far something long has come. It says
// nothing of what is done within patience.
type meter struct {
	out      io.Writer
	loc      *locale.Locale
	terminal bool // a line is written over the one before
	now      func() time.Time

	mu          sync.Mutex
	begun, told time.Time
	step        string // the key of the message that says what is being done
	done, total int64
	drawn       bool
	quit        chan struct{}
	gone        sync.WaitGroup
}

// watch returns a meter of what begins now. Its end must be called.
func (a *app) watch(step string) *meter {
	m := &meter{out: a.Stderr, loc: a.loc, terminal: a.Terminal, now: a.Now, begun: a.Now(), step: step, quit: make(chan struct{})}
	m.gone.Go(func() {
		t := time.NewTicker(pause)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				m.tell()
			case <-m.quit:
				return
			}
		}
	})
	return m
}

// next says that another step begins.
func (m *meter) next(step string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.step, m.done, m.total = step, 0, 0
}

// set says that so much of the total is done. A total of 0 is not known.
func (m *meter) set(done, total int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done, m.total = done, total
}

// tell writes a line if it is time for one.
func (m *meter) tell() {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	wait := pause
	if !m.terminal {
		wait = 5 * pause // each stays
	}
	if now.Sub(m.begun) < patience || now.Sub(m.told) < wait {
		return
	}
	m.told = now
	s := m.loc.T(m.step)
	if m.total > 0 {
		s = m.loc.T("cli.progress.of", "Step", s, "Share", m.loc.Percent(float64(m.done)/float64(m.total), 0))
	} else {
		s = m.loc.T("cli.progress.for", "Step", s, "Count", int(now.Sub(m.begun).Seconds()))
	}
	if m.terminal {
		fmt.Fprintf(m.out, "\r%s\x1b[K", s)
		m.drawn = true
		return
	}
	fmt.Fprintln(m.out, s)
}

// end takes the last line away.
func (m *meter) end() {
	close(m.quit)
	m.gone.Wait()
	if m.drawn {
		fmt.Fprint(m.out, "\r\x1b[K")
	}
}
