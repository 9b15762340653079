package shanyraq

import (
	"errors"
	"fmt"
)

// Kind classes an error by what the caller can do about it.
type Kind uint8

// The kinds of error.
const (
	Other    Kind = iota // a fault of ours or of the machine; nothing to do but report it
	Invalid              // the request is wrong; correct it and try again
	NotFound             // there is no such thing, or the caller may not learn of it
	Conflict             // someone changed it first, or holds it; read again and retry
	Withheld             // it exists and is kept back, for consent or small counts
)

// Text is a message a reader can be shown in their language: a key of the
// catalogue in package locale and the values its placeholders take.
type Text struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// Error is an error with the operation that failed, its Kind, and, when a
// reader can act on it, the Text to show.
type Error struct {
	Op   string // package.Function, such as "store.Open"
	Kind Kind
	Text Text  // empty when there is nothing a reader can do
	Err  error // never nil
}

func (e *Error) Error() string { return e.Op + ": " + e.Err.Error() }

// Unwrap returns the error underneath.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an [Error] of the kind, wrapping any %w in the format.
func Errorf(op string, k Kind, format string, args ...any) error {
	return &Error{Op: op, Kind: k, Err: fmt.Errorf(format, args...)}
}

// Tell returns an [Error] of the kind that carries a message for the reader
// beside the one for the log.
func Tell(op string, k Kind, say Text, format string, args ...any) error {
	return &Error{Op: op, Kind: k, Text: say, Err: fmt.Errorf(format, args...)}
}

// KindOf returns the kind of the outermost [Error] in err's chain that has one
// other than Other, and Other if there is none.
func KindOf(err error) Kind {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return Other
		}
		if e.Kind != Other {
			return e.Kind
		}
		err = e.Err
	}
	return Other
}

// TextOf returns the message for the reader of the outermost [Error] in err's
// chain that carries one, and an empty Text if there is none.
func TextOf(err error) Text {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return Text{}
		}
		if e.Text.Key != "" {
			return e.Text
		}
		err = e.Err
	}
	return Text{}
}
