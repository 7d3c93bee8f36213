package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// picture draws a lamp that shines in a dark room: small, and another one for
// each n.
func picture(n int) []byte {
	const w, h = 160, 120
	img := image.NewPaletted(image.Rect(0, 0, w, h), lights)
	cx, cy := 50+float64(n*37%60), 40+float64(n*23%30)
	for y := range h {
		for x := range w {
			d := math.Hypot(float64(x)-cx, float64(y)-cy)
			switch {
			case y > 100:
				img.SetColorIndex(x, y, 1)
			case d < 18:
				img.SetColorIndex(x, y, uint8(len(lights)-1))
			case math.Abs(float64(x)-cx) < 2 && float64(y) > cy:
				img.SetColorIndex(x, y, 0)
			default:
				img.SetColorIndex(x, y, uint8(2+max(0, 11-int(d/9))))
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // a buffer takes everything
	}
	return b.Bytes()
}

// lights are from the dark of the room to the bulb.
var lights = func() color.Palette {
	p := color.Palette{color.RGBA{40, 32, 28, 255}, color.RGBA{96, 72, 52, 255}}
	for i := range 13 {
		p = append(p, color.RGBA{uint8(30 + i*18), uint8(28 + i*15), uint8(44 + i*8), 255})
	}
	return p
}()
