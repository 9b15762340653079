package web

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

// prose returns a text in the little Markdown that records of sources are
// written in, as markup: paragraphs, headings, lists, *emphasis*, **weight**,
// `code`, [links](https://...) and bare addresses. All else is text; markup in
// it is shown, not obeyed, and a link leads to http or https only.
func prose(s string) template.HTML {
	var b strings.Builder
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	var para []string
	list := false
	end := func() {
		if len(para) > 0 {
			b.WriteString("<p>" + inline(strings.Join(para, "\n")) + "</p>\n")
			para = nil
		}
		if list {
			b.WriteString("</ul>\n")
			list = false
		}
	}
	for _, line := range strings.Split(s, "\n") {
		text := strings.TrimSpace(line)
		item, isItem := cutBullet(text)
		level, heading := headingOf(text)
		switch {
		case text == "":
			end()
		case level > 0:
			end()
			tag := "h3"
			if level > 2 {
				tag = "h4"
			}
			b.WriteString("<" + tag + ">" + inline(heading) + "</" + tag + ">\n")
		case isItem:
			if !list {
				end()
				b.WriteString("<ul>\n")
				list = true
			}
			b.WriteString("<li>" + inline(item) + "</li>\n")
		case list: // a line of a list that goes on is an item of its own only with a bullet
			b.WriteString("<li>" + inline(text) + "</li>\n")
		default:
			para = append(para, text)
		}
	}
	end()
	return template.HTML(b.String()) //nolint:gosec // every text is escaped by inline
}

func cutBullet(s string) (string, bool) {
	for _, mark := range []string{"- ", "* ", "+ "} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// headingOf returns the level of a heading and its text, or 0.
func headingOf(s string) (int, string) {
	n := len(s) - len(strings.TrimLeft(s, "#"))
	if n == 0 || n > 6 || !strings.HasPrefix(s[n:], " ") {
		return 0, ""
	}
	return n, strings.TrimSpace(s[n:])
}

// spans finds what is more than text: code, a link, a bare address, weight,
// emphasis.
var spans = regexp.MustCompile("`([^`]+)`" + `|\[([^\]]+)\]\((https?://[^\s()]+(?:\([^\s()]*\))?[^\s()]*)\)|(https?://[^\s<>"]+)|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*`)

// inline returns one line or paragraph with its spans as markup.
func inline(s string) string {
	var b strings.Builder
	for {
		m := spans.FindStringSubmatchIndex(s)
		if m == nil {
			b.WriteString(html.EscapeString(s))
			return b.String()
		}
		b.WriteString(html.EscapeString(s[:m[0]]))
		group := func(i int) (string, bool) {
			if m[2*i] < 0 {
				return "", false
			}
			return s[m[2*i]:m[2*i+1]], true
		}
		next := m[1]
		if code, ok := group(1); ok {
			b.WriteString("<code>" + html.EscapeString(code) + "</code>")
		} else if label, ok := group(2); ok {
			href, _ := group(3)
			b.WriteString(outward(href, label))
		} else if bare, ok := group(4); ok {
			// What ends the sentence is not of the address.
			href := strings.TrimRight(bare, ".,;:!?'")
			if strings.HasSuffix(href, ")") && !strings.Contains(href, "(") {
				href = href[:len(href)-1]
			}
			next = m[0] + len(href)
			b.WriteString(outward(href, href))
		} else if strong, ok := group(5); ok {
			b.WriteString("<strong>" + html.EscapeString(strong) + "</strong>")
		} else if em, ok := group(6); ok {
			b.WriteString("<em>" + html.EscapeString(em) + "</em>")
		}
		s = s[next:]
	}
}

// outward returns a link that leaves the program.
func outward(href, label string) string {
	return `<a href="` + html.EscapeString(href) + `" rel="external noopener noreferrer">` + html.EscapeString(label) + `</a>`
}
