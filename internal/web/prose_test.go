package web

import (
	"strings"
	"testing"
)

func TestProse(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"paragraphs", "One\nline.\n\nAnother.", "<p>One\nline.</p>\n<p>Another.</p>\n"},
		{"Windows ends of lines", "One.\r\n\r\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"},
		{"a list", "Known:\n- one\n- two\n\nEnd.", "<p>Known:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>End.</p>\n"},
		{"headings", "# First\n### Deep\ntext", "<h3>First</h3>\n<h4>Deep</h4>\n<p>text</p>\n"},
		{"a hash that heads nothing", "#1 of all", "<p>#1 of all</p>\n"},
		{"emphasis, weight, code", "*a* **b** `c*d*`", "<p><em>a</em> <strong>b</strong> <code>c*d*</code></p>\n"},
		{"a product", "2 * 3 * 4", "<p>2 * 3 * 4</p>\n"},
		{"a link", "[a & b](https://example.org/?x=1&y=2)", `<p><a href="https://example.org/?x=1&amp;y=2" rel="external noopener noreferrer">a &amp; b</a></p>` + "\n"},
		{"an address ends before the full stop", "See https://example.org/a_b.", `<p>See <a href="https://example.org/a_b" rel="external noopener noreferrer">https://example.org/a_b</a>.</p>` + "\n"},
		{"an address in brackets", "(https://example.org/x)", `<p>(<a href="https://example.org/x" rel="external noopener noreferrer">https://example.org/x</a>)</p>` + "\n"},
		{"an address with brackets of its own", "https://example.org/Kazakhs_(people)", `<p><a href="https://example.org/Kazakhs_(people)" rel="external noopener noreferrer">https://example.org/Kazakhs_(people)</a></p>` + "\n"},
		{"markup is shown", "<b>x</b> & <script>alert(1)</script>", "<p>&lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
		{"nothing", "  \n\n ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(prose(tt.in)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Whatever a record says, the page holds no other elements than those of prose,
// and no link but to the web.
func FuzzProse(f *testing.F) {
	for _, s := range []string{"[x](javascript:alert(1))", "[x](https://a\"onclick=\"b)", "`<`", "**<i>**", "- <a href=x>", "# <h1>", "https://a'b<c", "[[x](https://a)](https://b)", "*`*`*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := string(prose(s))
		for _, tag := range strings.Split(got, "<")[1:] {
			name, rest, ok := strings.Cut(tag, ">")
			if !ok {
				t.Fatalf("%q: an element that does not end in %q", s, got)
			}
			switch strings.TrimPrefix(name, "/") {
			case "p", "ul", "li", "h3", "h4", "em", "strong", "code", "a":
				continue
			}
			href, isLink := strings.CutPrefix(name, `a href="`)
			href, isOurs := strings.CutSuffix(href, `" rel="external noopener noreferrer"`)
			if !isLink || !isOurs || strings.ContainsAny(href, `"<> `) || !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") {
				t.Fatalf("%q: <%s> in %q (%s)", s, name, got, rest)
			}
		}
	})
}
