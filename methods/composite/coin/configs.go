package coin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"shanyraq/methods/composite"
)

// A Config is named settings.
type Config struct {
	Name     string
	Settings composite.Settings
	Series   *composite.SeriesFill // of a panel: how gaps are filled over time before all other steps
}

// configJSON is how a Config is written under its name.
type configJSON struct {
	Series *composite.SeriesFill `json:"series,omitempty"`
	composite.Settings
}

// ReadConfigs reads named settings from one JSON object, in the order they
// stand in. file is what errors call it. It returns an [Error] that names the
// settings at fault, for a key nobody knows as for a name used twice.
func ReadConfigs(r io.Reader, file string) ([]Config, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes))
	if err != nil {
		return nil, &Error{File: file, Err: err}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	fail := func(name string, err error) ([]Config, error) {
		return nil, &Error{File: file, Settings: name, Line: 1 + bytes.Count(b[:min(int(d.InputOffset()), len(b))], []byte("\n")), Err: err}
	}
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fail("", fmt.Errorf("%w: an object of named settings is wanted", ErrShape))
	}
	var all []Config
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return fail("", fmt.Errorf("%w: %w", ErrShape, err))
		}
		name, _ := t.(string)
		if seen[name] {
			return fail(name, ErrTwice)
		}
		seen[name] = true
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return fail(name, fmt.Errorf("%w: %w", ErrShape, err))
		}
		var c configJSON
		if err := composite.Parse(raw, &c); err != nil {
			return fail(name, err)
		}
		all = append(all, Config{name, c.Settings, c.Series})
	}
	if _, err := d.Token(); err != nil {
		return fail("", fmt.Errorf("%w: %w", ErrShape, err))
	}
	if len(all) == 0 {
		return fail("", fmt.Errorf("%w: no settings", ErrEmpty))
	}
	if _, err := d.Token(); err != io.EOF {
		return fail("", fmt.Errorf("%w: something follows the object", ErrShape))
	}
	return all, nil
}

// WriteConfigs writes named settings as [ReadConfigs] reads them.
func WriteConfigs(w io.Writer, all []Config) error {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(c.Name)
		if err != nil {
			return err
		}
		settings, err := json.Marshal(configJSON{c.Series, c.Settings})
		if err != nil {
			return fmt.Errorf("coin: %s: %w", c.Name, err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(settings)
	}
	b.WriteByte('}')
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, b.Bytes(), "", "  "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	_, err := w.Write(pretty.Bytes())
	return err
}
