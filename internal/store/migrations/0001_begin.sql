-- One line per change anybody made. Lines are never edited or deleted.
CREATE TABLE activity (
  seq     INTEGER PRIMARY KEY,
  at      TEXT    NOT NULL,                      -- RFC 3339, UTC
  who     TEXT    NOT NULL,
  action  TEXT    NOT NULL,                      -- key of the message, such as activity.import
  args    TEXT    NOT NULL,                      -- JSON object, for the message
  undoes  INTEGER REFERENCES activity (seq),
  base    TEXT    NOT NULL,                      -- version of the built-in tables then in use
  version TEXT    NOT NULL,                      -- of the data after the line
  state   BLOB    NOT NULL,                      -- sum of the digests of the rows that hold after the line
  claims  INTEGER NOT NULL,                      -- how many claims hold after the line
  prev    BLOB    NOT NULL,                      -- hash of the line before
  hash    BLOB    NOT NULL                       -- of this line and prev
) STRICT;
CREATE INDEX activity_version ON activity (version);

-- A row holds from the line that added it until the line that removed it.
CREATE TABLE claim (
  row        INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  series     TEXT    NOT NULL,
  place      TEXT    NOT NULL,
  area       TEXT    NOT NULL,
  partner    TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  period     TEXT    NOT NULL,
  year       INTEGER NOT NULL,                   -- of the period; 0 if undated
  value      REAL    NOT NULL,
  low        REAL,                               -- range the source states, if any
  high       REAL,
  level      REAL,
  kind       TEXT    NOT NULL,                   -- of that range; empty if none
  step       REAL    NOT NULL,
  unit       TEXT    NOT NULL,
  definition TEXT    NOT NULL,
  who        TEXT    NOT NULL,
  strength   TEXT    NOT NULL,
  address    TEXT    NOT NULL,
  note       TEXT    NOT NULL,
  digest     BLOB    NOT NULL,                   -- SHA-256 of all of the above but row and year
  added_at   INTEGER NOT NULL REFERENCES activity (seq) DEFERRABLE INITIALLY DEFERRED,
  removed_at INTEGER          REFERENCES activity (seq) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (id, added_at)
) STRICT;
CREATE INDEX claim_series  ON claim (series, place);
CREATE INDEX claim_place   ON claim (place, series);
CREATE INDEX claim_added   ON claim (added_at);
CREATE INDEX claim_removed ON claim (removed_at);

-- Groups, indices, plans, campaigns, and the series and sources that came with
-- claims, each as JSON.
CREATE TABLE definition (
  row        INTEGER PRIMARY KEY,
  kind       TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  digest     BLOB    NOT NULL,                   -- SHA-256 of kind, key and body
  added_at   INTEGER NOT NULL REFERENCES activity (seq) DEFERRABLE INITIALLY DEFERRED,
  removed_at INTEGER          REFERENCES activity (seq) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (kind, key, added_at)
) STRICT;
CREATE INDEX definition_added   ON definition (added_at);
CREATE INDEX definition_removed ON definition (removed_at);

CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity
BEGIN SELECT RAISE (ABORT, 'activity is never edited'); END;
CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity
BEGIN SELECT RAISE (ABORT, 'activity is never deleted'); END;

CREATE TRIGGER claim_no_delete BEFORE DELETE ON claim
BEGIN SELECT RAISE (ABORT, 'claims are removed by a line of activity'); END;
CREATE TRIGGER claim_no_edit BEFORE UPDATE OF
  row, id, source, series, place, area, partner, subject, period, year, value, low, high, level, kind, step,
  unit, definition, who, strength, address, note, digest, added_at ON claim
BEGIN SELECT RAISE (ABORT, 'claims are never edited'); END;
CREATE TRIGGER claim_removed_once BEFORE UPDATE OF removed_at ON claim
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
BEGIN SELECT RAISE (ABORT, 'claims are removed once'); END;

CREATE TRIGGER definition_no_delete BEFORE DELETE ON definition
BEGIN SELECT RAISE (ABORT, 'definitions are removed by a line of activity'); END;
CREATE TRIGGER definition_no_edit BEFORE UPDATE OF row, kind, key, body, digest, added_at ON definition
BEGIN SELECT RAISE (ABORT, 'definitions are never edited'); END;
CREATE TRIGGER definition_removed_once BEFORE UPDATE OF removed_at ON definition
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
BEGIN SELECT RAISE (ABORT, 'definitions are removed once'); END;
