package hosts

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanyraq"
)

// A Tier is how much care people in a host need: the higher, the more is
// refused.
type Tier int

// The tiers.
const (
	Open    Tier = 1 // records are allowed with consent; counts of ten and more are published
	Caution Tier = 2 // pseudonyms only, nothing that reaches a person, counts of twenty and more
	Refused Tier = 3 // no record of any person; statistics of others only
)

// Tiers lists the tiers, lowest first.
func Tiers() []Tier { return []Tier{Open, Caution, Refused} }

// Review is how long a decision holds before people have to look again.
const Review = 90 * 24 * time.Hour

// judgedRefused are the hosts in which ties with a kin state are known to have
// led to detention, dismissal or prosecution, or whose authorities can force
// records open: a default judged by the authors of this program, to be raised
// or lowered by those who know better.
var judgedRefused = []shanyraq.CountryCode{"AFG", "BLR", "CHN", "IRN", "PRK", "RUS", "TKM"}

// A Decision is a dated memo by which one officer asks that a host be held in a
// tier.
type Decision struct {
	Place shanyraq.CountryCode `json:"place"`
	Tier  Tier                 `json:"tier"`
	Found Tier                 `json:"found"` // what the evidence said that day
	Memo  string               `json:"memo"`  // why
	By    string               `json:"by"`
	At    time.Time            `json:"at"`

	Withdrawn bool `json:"withdrawn,omitempty"` // the text was taken back; the decision holds
}

// Officer returns the name by which two decisions are those of one person,
// however it is typed and in letters of whichever script.
func (d Decision) Officer() string { return skeleton(d.By) }

// Withdraw returns the decision without its text.
func (d Decision) Withdraw() Decision {
	d.Memo, d.Withdrawn = "withdrawn", true
	return d
}

// How much a memo has to say before it lowers a tier.
const (
	MemoLetters = 40
	MemoWords   = 6
)

// Allow returns an [shanyraq.Invalid] error if the decision asks for less care
// than the host is held in and may not: by more than one tier at once, with a
// memo that says next to nothing, or for the lowest tier while a rating of
// rights does not reach what it has to. More care is never refused.
func (s Safety) Allow(d Decision) error {
	const op = "hosts.Safety.Allow"
	bad := func(key string, args map[string]any) error {
		return shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "hosts.error." + key, Args: args}, "%s to %d: %s", s.Place, d.Tier, key)
	}
	if err := d.Check(); err != nil || d.Tier >= s.Tier {
		return err
	}
	memo := strings.Join(strings.Fields(d.Memo), " ")
	words := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(memo)) {
		words[w] = true
	}
	switch {
	case d.Tier < s.Tier-1:
		return bad("decision_steps", map[string]any{"Tier": int(s.Tier), "Next": int(s.Tier) - 1})
	case d.Tier == Open && !s.Speaks:
		return bad("decision_rights", map[string]any{"Place": string(s.Place)})
	case utf8.RuneCountInString(memo) < MemoLetters || len(words) < MemoWords:
		return bad("decision_short", map[string]any{"Letters": MemoLetters, "Words": MemoWords})
	}
	return nil
}

// Check returns an [shanyraq.Invalid] error unless the decision names a place,
// a tier, its reason, its author and its time.
func (d Decision) Check() error {
	bad := func(key string) error {
		return shanyraq.Tell("hosts.Decision.Check", shanyraq.Invalid, shanyraq.Text{Key: "hosts.error." + key}, "a decision: %s", key)
	}
	switch {
	case d.Place == "":
		return bad("decision_place")
	case d.Tier < Open || d.Tier > Refused || d.Found < Open || d.Found > Refused:
		return bad("decision_tier")
	case strings.TrimSpace(d.Memo) == "":
		return bad("decision_memo")
	case d.Officer() == "":
		return bad("decision_by")
	case d.At.IsZero():
		return bad("decision_at")
	}
	return nil
}

// A Ruling is the tier a host is in and how it came to be in it.
type Ruling struct {
	Tier    Tier
	Found   Tier       // what the evidence says
	Decided Tier       // by people; 0 if nobody has
	At      time.Time  // of the decision in force
	Due     time.Time  // when it has to be looked at again
	Expired bool       // nobody has, and the host is held one tier higher
	By      []string   // who decided: one who raised or renewed, two who lowered
	Asked   []Decision // to lower, by one person so far, oldest first
}

// Weigh returns the tier the decisions put a host in, given what the evidence
// says now. It is the only place where the rules stand:
//
//   - with no decision the evidence decides;
//   - a decision for a higher tier holds at once;
//   - a decision for the tier in force renews it;
//   - a decision for a lower tier waits until a second person asks for a lower
//     tier too; then the higher of the two holds. It waits [Review] long, and no
//     longer than until somebody raises the tier;
//   - [Review] after it was made or renewed, a decision counts one tier higher;
//   - evidence that has grown worse since a decision holds against it.
//
// Decisions later than now, and those [Decision.Check] refuses, are not heard.
// The order of the list does not matter.
func Weigh(found Tier, decisions []Decision, now time.Time) Ruling {
	ds := slices.DeleteFunc(slices.Clone(decisions), func(d Decision) bool { return d.At.After(now) || d.Check() != nil })
	slices.SortFunc(ds, func(a, b Decision) int {
		// Of two at one moment the one for less care comes first, so that the other stands.
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Tier, b.Tier), strings.Compare(a.Officer(), b.Officer()), strings.Compare(a.Memo, b.Memo))
	})
	r := Ruling{Found: found}
	var foundThen Tier
	force := func(found Tier, at time.Time) Tier {
		if r.Decided == 0 {
			return found
		}
		t := r.Decided
		if !at.Before(r.At.Add(Review)) {
			t = min(Refused, t+1)
		}
		if found > foundThen {
			t = max(t, found)
		}
		return t
	}
	stale := func(at time.Time) {
		r.Asked = slices.DeleteFunc(r.Asked, func(d Decision) bool { return !at.Before(d.At.Add(Review)) })
	}
	for _, d := range ds {
		stale(d.At)
		set := func(t Tier, by ...string) {
			r.Decided, r.At, r.By, foundThen = t, d.At, by, d.Found
		}
		switch was := force(d.Found, d.At); {
		case d.Tier > was:
			set(d.Tier, d.By)
			r.Asked = nil
		case d.Tier == was:
			set(d.Tier, d.By)
		default:
			i := slices.IndexFunc(r.Asked, func(x Decision) bool { return x.Officer() != d.Officer() })
			if i < 0 {
				r.Asked = append(r.Asked, d)
				continue
			}
			first := r.Asked[i]
			set(max(first.Tier, d.Tier, was-1), first.By, d.By)
			r.Asked = nil
		}
	}
	stale(now)
	r.Tier = force(found, now)
	if r.Decided != 0 {
		r.Due = r.At.Add(Review)
		r.Expired = !now.Before(r.Due)
	}
	return r
}

// Ledger keeps what officers decided. Evidence that is one lets decisions count.
type Ledger interface {
	// Decisions returns every decision about every host.
	Decisions(ctx context.Context) ([]Decision, error)
}

// A Right is one rating of rights in a host, and what it has to reach for the
// evidence to speak for the lowest tier.
type Right struct {
	Series  shanyraq.SeriesID
	AtLeast float64
	Claim   shanyraq.Claim // zero if there is none
	Met     bool           // all of the claim's range is
}

// A Safety is the tier of a host with the evidence and the decisions behind it.
type Safety struct {
	Place shanyraq.CountryCode
	Ruling
	Judged   bool // in the highest tier by the judged default
	Rights   []Right
	Speaks   bool // every rating of rights reaches what it has to
	Unmet    bool // decided for the lowest tier, which a rating of rights does not reach
	Past     []Decision
	Readable bool // there is a ledger to read decisions from
}

// rights are the ratings asked, and the judged bounds they have to reach.
var rights = []Right{{Series: "VDEM_v2x_libdem", AtLeast: 0.6}, {Series: "WGI_voice_accountability_estimate", AtLeast: 0.5}}

// RightsAsked returns the series of the ratings of rights, in order.
func RightsAsked() []shanyraq.SeriesID {
	out := make([]shanyraq.SeriesID, len(rights))
	for i, x := range rights {
		out[i] = x.Series
	}
	return out
}

// Safety returns the tier of the host on that day.
//
// The evidence says [Refused] for the judged default and [Caution] for every
// other host: that nobody is pressed for their ties is in no table, and what is
// not known counts as caution. Where rights are rated high the evidence speaks
// for [Open], and two people may decide so; while they are not, no decision
// lowers a host below [Caution].
func (r *Room) Safety(ctx context.Context, place shanyraq.CountryCode, on time.Time) (Safety, error) {
	s := Safety{Place: place, Judged: slices.Contains(judgedRefused, place), Speaks: true}
	fail := func(err error) (Safety, error) {
		return s, shanyraq.Errorf("hosts.Safety", shanyraq.Other, "%s: %w", place, err)
	}
	found := Caution
	if s.Judged {
		found = Refused
	}
	for _, x := range rights {
		latest, err := r.latest(ctx, x.Series)
		if err != nil {
			return fail(err)
		}
		x.Claim = latest[place]
		x.Met = x.Claim.ID != "" && x.Claim.Range().Lo >= x.AtLeast
		s.Speaks = s.Speaks && x.Met
		s.Rights = append(s.Rights, x)
	}
	all, err := r.decisions(ctx)
	if err != nil {
		return fail(err)
	}
	_, s.Readable = r.ev.(Ledger)
	s.Past = all[place]
	s.Ruling = Weigh(found, s.Past, on)
	if s.Tier == Open && !s.Speaks {
		s.Tier, s.Unmet = Caution, true
	}
	return s, nil
}

// Protection returns the tier of the host on that day as a number, 1 to 3. It
// is what another room asks before it does anything about people there, and
// through an interface of its own.
func (r *Room) Protection(ctx context.Context, place shanyraq.CountryCode, on time.Time) (int, error) {
	s, err := r.Safety(ctx, place, on)
	if err != nil {
		return int(Refused), err
	}
	return int(s.Tier), nil
}

// decisions returns every decision by place, oldest first.
func (r *Room) decisions(ctx context.Context) (map[shanyraq.CountryCode][]Decision, error) {
	l, ok := r.ev.(Ledger)
	if !ok {
		return nil, nil
	}
	ds, err := l.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	out := map[shanyraq.CountryCode][]Decision{}
	for _, d := range ds {
		out[d.Place] = append(out[d.Place], d)
	}
	for _, of := range out {
		slices.SortFunc(of, func(a, b Decision) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.By, b.By)) })
	}
	return out, nil
}
