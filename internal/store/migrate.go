package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"regexp"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the texts of the numbered files in order. How many there are
// is the number of the present format.
var migrations = readMigrations()

func readMigrations() []string {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		panic(err) // the files are in the program
	}
	var out []string
	for _, e := range entries { // in order of name
		text, err := migrationFiles.ReadFile("migrations/" + e.Name())
		if err != nil {
			panic(err)
		}
		out = append(out, string(text))
	}
	return out
}

// migrate brings the file from the format it has to that of the last script,
// each in a transaction of its own.
func migrate(ctx context.Context, db *sql.DB, format int, scripts []string) error {
	for i := format; i < len(scripts); i++ {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		script := fmt.Sprintf("%s;\nPRAGMA application_id = %d;\nPRAGMA user_version = %d", scripts[i], applicationID, i+1)
		if _, err := tx.ExecContext(ctx, script); err != nil {
			_ = tx.Rollback() // the first error says more
			return fmt.Errorf("format %d: %w", i+1, err)
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("format %d: %w", i+1, err)
		}
	}
	return nil
}

var placeholder = regexp.MustCompile(`\$([0-9]+)`)

// numbered returns the statement with each $N rewritten to ?N. SQLite takes
// $N for a name and numbers names as they appear, so that "SELECT $2, $1"
// would bind the arguments the wrong way round; ?N means the Nth.
func numbered(statement string) string { return placeholder.ReplaceAllString(statement, "?$1") }
