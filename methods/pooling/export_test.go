package pooling

// EvidenceBothWays returns the log evidence by elimination of hosts and by the
// whole matrix.
func EvidenceBothWays(m Model, figures []Figure) (fast, whole float64, err error) {
	l, err := m.plan(figures)
	if err != nil {
		return 0, 0, err
	}
	p, err := m.Pool(figures)
	if err != nil {
		return 0, 0, err
	}
	return m.evidence(l, figures), p.LogEvidence, nil
}
