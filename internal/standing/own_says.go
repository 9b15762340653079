package standing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"shanyraq"
	"shanyraq/methods/composite"
	"shanyraq/methods/composite/coin"
)

// missettings words why settings or a plan cannot be read.
func missettings(err error) error {
	why := reason(err)
	var place *coin.Error
	if errors.As(err, &place) && place.Settings == "" && (errors.Is(err, coin.ErrEmpty) || errors.Is(err, coin.ErrShape)) && !broken(err) {
		why = say("standing.says.within", "Field", place.File, "What", say("standing.says.settings", "Example", `{"NAME": {"normalise": "minmax"}}`))
	}
	return shanyraq.Tell("standing.ReadOwn", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.settings", Args: map[string]any{"Detail": why}}, "%w", err)
}

// broken reports whether a text breaks off or is no JSON.
func broken(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// misread words why a table cannot be read.
func misread(err error) error {
	return shanyraq.Tell("standing.ReadOwn", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.table", Args: map[string]any{"Detail": reason(err)}}, "%w", err)
}

// say returns the message of the key; args alternate name and value.
func say(key string, args ...any) shanyraq.Text {
	t := shanyraq.Text{Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		t.Args[args[i].(string)] = args[i+1]
	}
	return t
}

// reason words an error of the methods: where, what was found, and what could
// stand there.
func reason(err error) shanyraq.Text {
	var table *coin.Error
	if errors.As(err, &table) {
		where := table.File
		if table.Line > 0 {
			where = fmt.Sprintf("%s:%d", where, table.Line)
		}
		var choice *composite.Choice
		what := cellReason(table)
		if errors.As(table.Err, &choice) {
			what = choiceReason(choice, table.Settings)
		} else if table.Settings != "" {
			what = say("standing.says.within", "Field", table.Settings, "What", what)
		}
		if table.Column != "" {
			return say("standing.says.column", "Where", where, "Column", table.Column, "What", what)
		}
		return say("standing.says.within", "Field", where, "What", what)
	}
	var choice *composite.Choice
	if errors.As(err, &choice) {
		return choiceReason(choice, "")
	}
	var step *composite.Error
	if !errors.As(err, &step) {
		return say("standing.says.plain", "Detail", err.Error())
	}
	args := []any{"Step", say("standing.says.step." + step.Step), "Code", step.Code, "Unit", step.Unit, "Why", stepReason(step.Err)}
	switch {
	case step.Code != "" && step.Unit != "":
		return say("standing.says.at.both", args...)
	case step.Code != "":
		return say("standing.says.at.code", args...)
	case step.Unit != "":
		return say("standing.says.at.unit", args...)
	}
	return say("standing.says.at", args...)
}

// stepReasons are the messages of the reasons a step cannot be carried out.
var stepReasons = []struct {
	is  error
	key string
}{
	{composite.ErrFramework, "standing.says.why.framework"}, {composite.ErrSettings, "standing.says.why.settings"},
	{composite.ErrTable, "standing.says.why.table"}, {composite.ErrUnknown, "standing.says.why.unknown"},
	{composite.ErrNoValues, "standing.says.why.novalues"}, {composite.ErrNoRange, "standing.says.why.norange"},
	{composite.ErrNoTotal, "standing.says.why.nototal"}, {composite.ErrNoDonor, "standing.says.why.nodonor"},
	{composite.ErrNotPositive, "standing.says.why.low"}, {composite.ErrZeroDenominator, "standing.says.why.denominator"},
	{composite.ErrMixedSigns, "standing.says.why.signs"}, {composite.ErrNoOptimum, "standing.says.why.optimum"},
}

// stepReason words why a step cannot be carried out, with what the method adds.
func stepReason(err error) shanyraq.Text {
	for _, r := range stepReasons {
		if !errors.Is(err, r.is) {
			continue
		}
		detail := strings.TrimPrefix(strings.TrimPrefix(err.Error(), r.is.Error()), ": ")
		if detail == "" {
			return say(r.key)
		}
		return say("standing.says.detail", "What", say(r.key), "Detail", detail)
	}
	return say("standing.says.plain", "Detail", err.Error())
}

// cellReason words what is wrong with a place in a table.
func cellReason(e *coin.Error) shanyraq.Text {
	known := strings.Join(e.Known, ", ")
	detail := func(key string, is error) shanyraq.Text {
		d := strings.Trim(strings.Replace(e.Err.Error(), is.Error(), "", 1), " :")
		if d == "" {
			return say(key)
		}
		return say("standing.says.detail", "What", say(key), "Detail", d)
	}
	switch {
	case errors.Is(e.Err, coin.ErrNoColumn):
		return say("standing.says.nocolumn", "Known", known)
	case errors.Is(e.Err, coin.ErrTwice):
		return detail("standing.says.twice", coin.ErrTwice)
	case errors.Is(e.Err, coin.ErrNumber):
		if e.Found != "" {
			return say("standing.says.number", "Found", e.Found)
		}
		return detail("standing.says.nonumber", coin.ErrNumber)
	case errors.Is(e.Err, coin.ErrWord) && known != "":
		return say("standing.says.word", "Found", e.Found, "Known", known)
	case errors.Is(e.Err, coin.ErrWord):
		return detail("standing.says.misfit", coin.ErrWord)
	case broken(e.Err):
		return say("standing.says.json")
	case errors.Is(e.Err, coin.ErrEmpty):
		return say("standing.says.empty")
	case errors.Is(e.Err, coin.ErrParent):
		return detail("standing.says.parent", coin.ErrParent)
	case errors.Is(e.Err, coin.ErrShape):
		return detail("standing.says.shape", coin.ErrShape)
	}
	return say("standing.says.plain", "Detail", e.Err.Error())
}

// choiceReason words what a setting does not take; settings is the name of those
// it stands in.
func choiceReason(c *composite.Choice, settings string) shanyraq.Text {
	field := strings.Trim(settings+"."+c.Field, ".")
	if field == "" {
		field = "{}"
	}
	known := strings.Join(c.Known, ", ")
	args := []any{"Field", field, "Found", c.Found, "Known", known}
	switch {
	case c.Want == composite.WantObject && known == "":
		return say("standing.says.choice.braces", args...)
	case (c.Want == composite.WantNumber || c.Want == composite.WantSwitch) && known != "":
		return say("standing.says.choice."+string(c.Want)+".own", args...)
	}
	return say("standing.says.choice."+string(c.Want), args...)
}
