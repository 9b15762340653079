package main

import (
	"context"
	"os"
	"strconv"
	"time"

	"github.com/chromedp/chromedp"
)

// shotx NAME URL WIDTH SELECTOR|- [JS]
func main() {
	w, _ := strconv.Atoi(os.Args[3])
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.Flag("hide-scrollbars", true), chromedp.NoSandbox)
	ctx, c1 := chromedp.NewExecAllocator(context.Background(), opts...)
	defer c1()
	ctx, c2 := chromedp.NewContext(ctx)
	defer c2()
	ctx, c3 := context.WithTimeout(ctx, 60*time.Second)
	defer c3()
	var b []byte
	acts := []chromedp.Action{chromedp.EmulateViewport(int64(w), 1200), chromedp.Navigate(os.Args[2]), chromedp.Sleep(700 * time.Millisecond)}
	if len(os.Args) > 5 {
		acts = append(acts, chromedp.Evaluate(os.Args[5], nil), chromedp.Sleep(900*time.Millisecond))
	}
	if os.Args[4] == "-" {
		acts = append(acts, chromedp.FullScreenshot(&b, 100))
	} else {
		acts = append(acts, chromedp.Screenshot(os.Args[4], &b, chromedp.ByQuery))
	}
	if err := chromedp.Run(ctx, acts...); err != nil {
		panic(err)
	}
	os.WriteFile("/tmp/s/"+os.Args[1]+".png", b, 0o644)
}
