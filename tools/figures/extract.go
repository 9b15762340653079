package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// workspace is where extracts are read and tables written.
type workspace struct {
	from, names, to string
	places          map[string]bool   // codes written by places
	alpha3          map[string]string // by alpha-2
}

// row is one line of an extract, by column.
type row map[string]string

// read calls f with each line of an extract.
func (w *workspace) read(path string, f func(row) error) error {
	file, err := os.Open(filepath.Join(w.from, filepath.FromSlash(path)))
	if err != nil {
		return err
	}
	defer file.Close()
	r := csv.NewReader(bufio.NewReaderSize(file, 1<<20))
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		line := make(row, len(head))
		for i, h := range head {
			line[h] = strings.TrimSpace(fields[i])
		}
		if err := f(line); err != nil {
			n, _ := r.FieldPos(0)
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
}

// store writes a file of the workspace, making its folder.
func (w *workspace) store(path string, b []byte) error {
	path = filepath.Join(w.to, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

// table returns rows as CSV under the header.
func table(header []string, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	c := csv.NewWriter(&b)
	if err := c.Write(header); err != nil {
		return nil, err
	}
	if err := c.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// plain returns a number without exponent and without digits that carry
// nothing, or an error if s is no number.
func plain(s string) (string, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return "", err
	}
	return strconv.FormatFloat(v, 'f', -1, 64), nil
}

// times returns s, a decimal, times ten to the power shift, exactly, and the
// step its last printed digit stands for.
func times(s string, shift int) (value, step string) {
	whole, frac, _ := strings.Cut(s, ".")
	digits := whole + frac
	pow := shift - len(frac)
	if pow < 0 {
		cut := len(digits) + pow
		return strings.TrimLeft(digits[:cut], "0") + "." + digits[cut:], ""
	}
	return strings.TrimLeft(digits, "0") + strings.Repeat("0", pow), "1" + strings.Repeat("0", pow)
}

func note(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
