package distance

import (
	"fmt"
	"math"
)

// Radius is the mean radius of the earth, in kilometres [moritz2000].
const Radius = 6371.0088

// GreatCircle returns the distance along the surface between two points, in
// kilometres, from their latitudes and longitudes in degrees:
//
//	d = 2R asin √( sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2) )
//
// Assumptions: the earth is a ball. Along a meridian the result is too low by
// up to 0.56 percent, and too high along the equator by up to 0.11.
//
// Accuracy: the haversine keeps full precision for near points, where the
// cosine rule loses it; a test compares both.
//
// It returns an error for a latitude beyond the poles or a number that is none.
//
// References: [sinnott1984], [moritz2000].
func GreatCircle(lat1, lon1, lat2, lon2 float64) (float64, error) {
	for _, v := range [...]float64{lat1, lat2} {
		if !(math.Abs(v) <= 90) {
			return 0, fmt.Errorf("distance: %v is no latitude", v)
		}
	}
	for _, v := range [...]float64{lon1, lon2} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("distance: %v is no longitude", v)
		}
	}
	const degree = math.Pi / 180
	half := func(x float64) float64 { s := math.Sin(x * degree / 2); return s * s }
	h := half(lat2-lat1) + math.Cos(lat1*degree)*math.Cos(lat2*degree)*half(lon2-lon1)
	return 2 * Radius * math.Asin(math.Sqrt(min(1, h))), nil
}
