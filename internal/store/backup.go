package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"shanyraq"
)

var backupSQL = numbered(`VACUUM INTO $1`)

// Backup writes a copy of the store as it is to a new file at dest, complete
// in itself and on the disk when Backup returns. Changes may go on meanwhile.
//
// It returns a Conflict error if there is a file of that name, and an Invalid
// one if the folder cannot be written to. On any error dest is as it was.
func (s *Store) Backup(ctx context.Context, dest string) (err error) {
	const op = "store.Backup"
	dest, err = filepath.Abs(dest)
	if err != nil {
		return shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	name, err := os.OpenFile(dest, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return because(op, shanyraq.Conflict, err, "store.backup_exists", "Path", dest)
	case err != nil:
		return because(op, shanyraq.Invalid, err, "store.backup_folder", "Path", dest)
	}
	_ = name.Close() // the name is taken; nothing was written
	part := dest + ".part"
	defer func() {
		if err != nil {
			_ = os.Remove(part) // the first error says more
			_ = os.Remove(dest)
		}
	}()
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return because(op, shanyraq.Invalid, err, "store.backup_folder", "Path", dest)
	}
	if _, err := s.db.ExecContext(ctx, backupSQL, part); err != nil {
		return s.fail(ctx, op, err)
	}
	if err := settle(part); err != nil {
		return shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	if err := os.Rename(part, dest); err != nil {
		return shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synchronised there
	}
	if err := settle(filepath.Dir(dest)); err != nil {
		return shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	return nil
}

// settle waits until what was written to the file or folder is on the disk.
func settle(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		if f, err = os.Open(path); err != nil { // a folder
			return err
		}
	}
	return errors.Join(f.Sync(), f.Close())
}
