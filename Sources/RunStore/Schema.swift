import GRDB

/// The tables of the record and how an older file becomes a newer one.
///
/// A migration that was ever shipped never changes; add another one.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: runs, lessons, settings") { database in
      try database.execute(sql: firstTables)
    }
    // Which process writes a run: `RunOwner`.
    migrator.registerMigration("2: who writes a run") { database in
      try database.execute(sql: "ALTER TABLE run ADD COLUMN owner TEXT")
    }
    // What going back to any moment of a run needs: `RunStore+Checkpoints`, `RunStore+History`.
    migrator.registerMigration("3: checkpoints, steps in blocks") { database in
      try database.execute(sql: travelTables)
    }
    // Tasks of a lesson that were passed over, and help that was needed: `RunStore+Lessons`.
    migrator.registerMigration("4: skipped tasks, hints, wrong answers") { database in
      for (column, empty) in [("skipped", "[]"), ("hints", "{}"), ("misses", "{}")] {
        try database.execute(
          sql: "ALTER TABLE lesson_progress ADD COLUMN \(column) TEXT NOT NULL DEFAULT '\(empty)'")
      }
    }
    return migrator
  }

  // `needs` is what makes the run again besides its own columns, as JSON of the lab. A checkpoint's
  // file lies in `checkpoints/r12` beside the database; there is none without its file, but a file
  // may be without its row.
  private static let travelTables = """
    ALTER TABLE run ADD COLUMN needs TEXT;
    CREATE TABLE checkpoint (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      part INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      digest TEXT NOT NULL,
      pinned INTEGER NOT NULL,
      written INTEGER NOT NULL,
      PRIMARY KEY (run, step)
    ) WITHOUT ROWID;
    CREATE TABLE step_block (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      first INTEGER NOT NULL,
      count INTEGER NOT NULL,
      names TEXT NOT NULL,
      numbers BLOB NOT NULL,
      PRIMARY KEY (run, first)
    );
    CREATE TABLE epoch (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      ends INTEGER NOT NULL,
      numbers TEXT NOT NULL,
      PRIMARY KEY (run, number)
    ) WITHOUT ROWID;
    """

  // Times are milliseconds since 1970. A loss of NaN is the text 'nan' in `run`, where no loss is
  // NULL; in `metric`, where a value is never absent, it is NULL.
  private static let firstTables = """
    CREATE TABLE run (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT,
      started INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      removed INTEGER,
      model_code TEXT NOT NULL,
      model_summary TEXT NOT NULL,
      data_name TEXT NOT NULL,
      data_fingerprint TEXT NOT NULL,
      batch_size INTEGER NOT NULL,
      epochs INTEGER NOT NULL,
      seed INTEGER NOT NULL,
      optimizer TEXT NOT NULL,
      learning_rate REAL,
      parameter_count INTEGER NOT NULL,
      status TEXT NOT NULL,
      steps INTEGER NOT NULL,
      loss REAL,
      accuracy REAL,
      val_loss REAL,
      val_accuracy REAL,
      weights_file TEXT
    );
    CREATE TABLE metric (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      series TEXT NOT NULL,
      step INTEGER NOT NULL,
      value REAL,
      PRIMARY KEY (run, series, step)
    ) WITHOUT ROWID;
    CREATE TABLE change (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL
    );
    CREATE INDEX change_of_run ON change (run, step);
    CREATE TABLE lesson_progress (
      lesson TEXT PRIMARY KEY NOT NULL,
      page INTEGER NOT NULL,
      done_pages TEXT NOT NULL,
      done TEXT NOT NULL,
      answers TEXT NOT NULL,
      started INTEGER NOT NULL,
      finished INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE setting (
      key TEXT PRIMARY KEY NOT NULL,
      value TEXT NOT NULL
    ) WITHOUT ROWID;
    """
}
