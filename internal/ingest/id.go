package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"

	"shanyraq"
)

// ID returns the id of a claim:
//
//	source/series/place/partner[/subject][/area]/when[~content]
//
// with "-" for no partner and "undated" for no time. Subject and area stand as
// their letters and digits, in small letters, joined by hyphens. The content
// suffix, added where the source makes rival claims, is the first six
// hexadecimal digits of the SHA-256 of
//
//	value|low|high|definition|who|address|note|area|subject
//
// with numbers as the shortest plain decimals that read back the same.
func ID(c shanyraq.Claim, rivals bool) shanyraq.ClaimID {
	return claimID(&c, slug(c.Subject), slug(c.Area), rivals)
}

func claimID(c *shanyraq.Claim, subject, area string, rivals bool) shanyraq.ClaimID {
	b := make([]byte, 0, 96)
	b = append(b, c.Source...)
	b = append(b, '/')
	b = append(b, c.Series...)
	b = append(b, '/')
	b = append(b, c.Place...)
	b = append(b, '/')
	if c.Partner == "" {
		b = append(b, '-')
	}
	b = append(b, c.Partner...)
	for _, s := range [...]string{subject, area} {
		if s != "" {
			b = append(b, '/')
			b = append(b, s...)
		}
	}
	b = append(b, '/')
	if c.When == "" {
		b = append(b, "undated"...)
	}
	b = append(b, c.When...)
	if rivals {
		b = append(b, '~')
		b = append(b, content(c)...)
	}
	return shanyraq.ClaimID(b)
}

// content returns six hexadecimal digits that tell rival claims apart.
func content(c *shanyraq.Claim) string {
	var low, high string
	if c.Stated != nil {
		low, high = decimal(c.Stated.Lo), decimal(c.Stated.Hi)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{
		decimal(c.Value), low, high, string(c.Definition), c.Who, c.Address, c.Note, c.Area, c.Subject,
	}, "|")))
	return hex.EncodeToString(sum[:3])
}

// decimal returns the shortest plain decimal that reads back as v.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// slug returns the letters and digits of s in small letters, other runs as one
// hyphen, "-" if there are none, and "" for "".
func slug(s string) string {
	if s == "" {
		return ""
	}
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(words, "-")
}
