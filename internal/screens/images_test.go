package screens

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tallest is how much of a page a picture shows, in pixels.
const tallest = 1400

// TestImages writes a picture of every screen, and a page that shows them all,
// to the folder of -images.
func TestImages(t *testing.T) {
	if *images == "" {
		t.Skip("pictures are written only where -images says")
	}
	if err := os.MkdirAll(*images, 0o755); err != nil {
		t.Fatal(err)
	}
	b := open(t)
	var index strings.Builder
	index.WriteString("# Screens\n\nEvery screen over the built-in tables, written by `make images`.\n")
	take := func(name string, f frame, path, caption string) {
		b.size(f)
		b.visit(path)
		picture := shrink(t, b.picture(f))
		file := name + ".png"
		if err := os.WriteFile(filepath.Join(*images, file), picture, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%7d bytes  %s", len(picture), file)
		fmt.Fprintf(&index, "\n## %s\n\n![%s](%s)\n", caption, caption, file)
	}
	for _, s := range All() {
		take(s.Name, desk, with(s.Path, "lang", "en", "theme", "light"), s.Name)
	}
	for _, s := range All()[:4] {
		take(s.Name+"-dark", desk, with(s.Path, "lang", "kk", "theme", "dark"), s.Name+", Kazakh, dark")
		take(s.Name+"-telephone", telephone, with(s.Path, "lang", "ru", "theme", "light"), s.Name+", Russian, telephone")
	}
	b.size(desk)
	b.visit("/standing?lang=en&theme=light")
	b.click("main tr.home a.fig")
	b.waitFor("the drawer opened", drawn)
	b.settle()
	picture := shrink(t, b.picture(frame{height: desk.height}))
	if err := os.WriteFile(filepath.Join(*images, "drawer.png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
	index.WriteString("\n## drawer\n\n![A number opened beside its page](drawer.png)\n")
	if err := os.WriteFile(filepath.Join(*images, "README.md"), []byte(index.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// picture returns the page as a PNG: of a window of no width what it shows, else
// the whole of the page down to the tallest.
func (b *tab) picture(f frame) []byte {
	b.t.Helper()
	if f.width == 0 {
		return ask(b, chromedp.CaptureScreenshot())
	}
	height := min(tallest, eval[int64](b, "document.documentElement.scrollHeight"))
	f.height = max(f.height, height)
	b.size(f) // the window itself, so that what sticks to its edges is where it belongs
	b.settle()
	beyond := false
	ctx := b.ctx
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond})
	if err != nil {
		b.t.Fatal(err)
	}
	return shot.Data
}

// shrink returns the picture with at most 256 colours: those that are used
// most, and for every other pixel the nearest of them. Pages are flat, so only
// the edges of letters change, by less than an eye sees.
func shrink(t *testing.T, picture []byte) []byte {
	t.Helper()
	in, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	bounds := in.Bounds()
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(in.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	colours := make([]color.RGBA, 0, len(count))
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	nearest := make(map[color.RGBA]uint8, len(colours))
	for _, c := range colours {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A picture keeps its colours when there are few, and loses only rare ones.
func TestShrink(t *testing.T) {
	in := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		in.Set(i%64, i/64, color.RGBA{uint8(i % 16), 100, 200, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, in); err != nil {
		t.Fatal(err)
	}
	out, err := png.Decode(bytes.NewReader(shrink(t, b.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 64 * 64 {
		if got, want := color.RGBAModel.Convert(out.At(i%64, i/64)), in.At(i%64, i/64); got != want {
			t.Fatalf("pixel %d is %v, want %v", i, got, want)
		}
	}
}
