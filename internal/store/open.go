package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// Base is the built-in tables under a store, which never change while it is
// open.
type Base interface {
	Claims(context.Context, shanyraq.Query) ([]shanyraq.Claim, error)
	Claim(context.Context, shanyraq.ClaimID) (shanyraq.Claim, error)
	Series(context.Context) ([]shanyraq.Series, error)
	Sources(context.Context) ([]shanyraq.Source, error)
	SourceNotes(context.Context, shanyraq.SourceID) (string, error)
	Definitions(context.Context) ([]shanyraq.Definition, error)
	Places(context.Context) ([]shanyraq.Place, error)
	Groups(context.Context) ([]shanyraq.Group, error)
	RollCalls(context.Context) (vectors.RollCalls, error)
	Version() string
}

// Options say how a store is opened. The zero value opens an existing one for
// writing.
type Options struct {
	Now      func() time.Time      // the clock; time.Now if nil
	Create   bool                  // make the file if there is none
	ReadOnly bool                  // change nothing, and do not keep others from changing it
	Progress func(done, total int) // told now and then how many claims of an import are in; may be nil
}

// A Store is one workspace's file with the built-in tables under it. It may be
// used from many goroutines; changes wait for one another.
type Store struct {
	path string
	base Base
	o    Options
	db   *sql.DB
	lock io.Closer     // nil if open for reading only
	slot chan struct{} // held by who is writing

	mu      sync.Mutex
	head    head              // after the last line; kept only when open for writing
	readers map[int64]*Reader // by seq
}

// A head is what a line of activity leaves behind.
type head struct {
	seq    int64
	state  state
	claims int64
	hash   digest
}

// applicationID marks a SQLite file as a Shanyraq store: "Shny".
const applicationID = 0x53686e79

// Open opens the store in the file at path over the base.
//
// It returns an error with a message for the reader, of kind
//
//   - NotFound if there is no file and Create is not set;
//   - Conflict, at once, if another process, or this one, has it open for
//     writing and ReadOnly is not set;
//   - Invalid if the file is not a store, was written by a newer program,
//     or cannot be written to;
//   - Other if it is damaged or the disk fails.
func Open(ctx context.Context, path string, base Base, o Options) (_ *Store, err error) {
	const op = "store.Open"
	if o.Now == nil {
		o.Now = time.Now
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	s := &Store{path: path, base: base, o: o, slot: make(chan struct{}, 1), readers: map[int64]*Reader{}}
	fresh, err := s.look(op)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = s.Close() // the first error says more
		}
	}()
	if !o.ReadOnly {
		if err := s.hold(op); err != nil {
			return nil, err
		}
	}
	if err := s.connect(ctx, op, fresh); err != nil {
		return nil, err
	}
	if s.head, err = readHead(ctx, s.db); err != nil {
		return nil, s.fail(ctx, op, err)
	}
	return s, nil
}

// look checks what stands at the path, without touching it, and reports
// whether it is nothing or an empty file.
func (s *Store) look(op string) (fresh bool, err error) {
	f, err := os.Open(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if s.o.ReadOnly || !s.o.Create {
			return false, because(op, shanyraq.NotFound, err, "store.missing", "Path", s.path)
		}
		return true, nil
	case errors.Is(err, fs.ErrPermission):
		return false, because(op, shanyraq.Invalid, err, "store.denied", "Path", s.path)
	case err != nil:
		return false, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return false, tell(op, shanyraq.Invalid, "store.foreign", "Path", s.path)
	}
	const magic = "SQLite format 3\x00"
	start := make([]byte, len(magic))
	n, err := io.ReadFull(f, start)
	switch {
	case n == 0 && errors.Is(err, io.EOF) && s.o.Create && !s.o.ReadOnly:
		return true, nil
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	case string(start) != magic:
		return false, tell(op, shanyraq.Invalid, "store.foreign", "Path", s.path)
	}
	return false, nil
}

// hold takes the right to write. It is an exclusive lock that SQLite puts on
// an empty file beside the store, so that it works wherever SQLite does and
// goes when the process goes, however it goes.
func (s *Store) hold(op string) error {
	path := s.path + ".lock"
	conn, err := sqlite3.OpenFlags(address(path, "rwc"), sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE|sqlite3.OPEN_URI)
	if err != nil {
		return because(op, shanyraq.Invalid, err, "store.readonly", "Path", s.path)
	}
	if ro, _ := conn.ReadOnly("main"); ro {
		_ = conn.Close() // nothing was written
		return tell(op, shanyraq.Invalid, "store.readonly", "Path", s.path)
	}
	_ = conn.BusyTimeout(0) // do not wait
	err = conn.Exec(`PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`)
	switch {
	case errors.Is(err, sqlite3.BUSY):
		err = because(op, shanyraq.Conflict, err, "store.held", "Path", s.path)
	case err != nil:
		err = because(op, shanyraq.Invalid, err, "store.readonly", "Path", s.path)
	default:
		s.lock = conn
		return nil
	}
	_ = conn.Close() // the lock was not taken
	return err
}

// connect opens the database, refuses it unless it is ours, and brings it to
// the present format.
func (s *Store) connect(ctx context.Context, op string, fresh bool) error {
	mode := "rw"
	switch {
	case s.o.ReadOnly:
		mode = "ro"
	case fresh:
		mode = "rwc"
	}
	err := s.dial(ctx, address(s.path, mode))
	if s.o.ReadOnly && (errors.Is(err, sqlite3.CANTOPEN) || errors.Is(err, sqlite3.READONLY)) && s.settled() {
		// The folder cannot hold the files readers share, and nobody is writing.
		err = s.dial(ctx, address(s.path, mode)+"&immutable=1")
	}
	if err != nil {
		return s.fail(ctx, op, err)
	}
	var app, format, objects int
	err = s.db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
	  (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&app, &format, &objects)
	if err != nil {
		return s.fail(ctx, op, err)
	}
	known := len(migrations)
	switch {
	case app != applicationID && !(app == 0 && format == 0 && objects == 0 && s.o.Create && !s.o.ReadOnly):
		return tell(op, shanyraq.Invalid, "store.foreign", "Path", s.path)
	case format > known:
		return tell(op, shanyraq.Invalid, "store.newer", "Path", s.path, "Found", format, "Known", known)
	case s.o.ReadOnly && format < known:
		return tell(op, shanyraq.Invalid, "store.older", "Path", s.path, "Found", format, "Known", known)
	case s.o.ReadOnly:
		return nil
	}
	var journal string
	if err := s.db.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&journal); err != nil {
		return s.fail(ctx, op, err) // where there is no shared memory the answer is another mode, as safe and slower
	}
	if err := migrate(ctx, s.db, format, migrations); err != nil {
		return s.fail(ctx, op, err)
	}
	return nil
}

// dial opens the pool of connections and tries one.
func (s *Store) dial(ctx context.Context, address string) error {
	if s.db != nil {
		_ = s.db.Close() // it could not be used
	}
	db, err := driver.Open(address, func(c *sqlite3.Conn) error {
		return c.Exec(`PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = on; PRAGMA synchronous = FULL;
		  PRAGMA trusted_schema = off; PRAGMA cache_size = -16384`)
	})
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(3)
	s.db = db
	var n int
	return db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&n)
}

// settled reports whether the file is complete in itself.
func (s *Store) settled() bool {
	info, err := os.Stat(s.path + "-wal")
	return err != nil || info.Size() == 0
}

// address returns the URI by which SQLite opens the file at path.
func address(path, mode string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	u := url.URL{Path: path}
	return "file://" + strings.ReplaceAll(u.EscapedPath(), ";", "%3B") + "?_txlock=immediate&mode=" + mode
}

// Path returns where the store is, from the root.
func (s *Store) Path() string { return s.path }

// Close ends the use of the store. A change under way is given up.
func (s *Store) Close() error {
	var errs []error
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
		s.lock = nil
	}
	if err := errors.Join(errs...); err != nil {
		return shanyraq.Errorf("store.Close", shanyraq.Other, "%w", err)
	}
	return nil
}

// fail gives an error from below the operation's name and, where the reader
// can act on it, a message.
func (s *Store) fail(ctx context.Context, op string, err error) error {
	var told *shanyraq.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return shanyraq.Errorf(op, shanyraq.Other, "%w", ctx.Err())
	case errors.As(err, &told):
		return err
	case damaged(err):
		return because(op, shanyraq.Other, err, "store.corrupt", "Path", s.path)
	case errors.Is(err, sqlite3.FULL):
		return because(op, shanyraq.Other, err, "store.full", "Path", s.path)
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED):
		return because(op, shanyraq.Conflict, err, "store.busy", "Path", s.path)
	case errors.Is(err, sqlite3.READONLY), errors.Is(err, sqlite3.PERM), errors.Is(err, sqlite3.CANTOPEN):
		key := "store.readonly"
		if s.o.ReadOnly {
			key = "store.denied"
		}
		return because(op, shanyraq.Invalid, err, key, "Path", s.path)
	}
	return shanyraq.Errorf(op, shanyraq.Other, "%s: %w", s.path, err)
}
