package vectors

import "sync"

// A memo keeps answers that are dear, each found once while the evidence stays
// the same. The zero value is empty. It is safe for use by several goroutines,
// which wait for each other.
type memo[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]V
}

// of returns the answer kept under the key, or finds and keeps it. An error is
// not kept.
func (m *memo[K, V]) of(key K, find func() (V, error)) (V, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.kept[key]; ok {
		return v, nil
	}
	v, err := find()
	if err != nil {
		return v, err
	}
	if m.kept == nil || len(m.kept) > 300 { // every country once; more is somebody trying codes
		m.kept = map[K]V{}
	}
	m.kept[key] = v
	return v, nil
}
