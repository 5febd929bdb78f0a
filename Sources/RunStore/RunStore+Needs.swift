import GRDB

extension RunStore {
  /// What makes a run again besides its record, as it was given to `begin`; nil when nothing was.
  package func needs(of number: RunNumber) throws(Failure) -> String? {
    try read { database in
      try String.fetchOne(
        database, sql: "SELECT needs FROM run WHERE number = ?", arguments: [number.value])
    }
  }

  /// The same of all runs, removed ones too.
  package func allNeeds() throws(Failure) -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT needs FROM run WHERE needs IS NOT NULL") }
  }

  /// Changes it.
  /// - Throws: `Failure` when there is no such run.
  package func setNeeds(of number: RunNumber, to needs: String) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET needs = ? WHERE number = ?", arguments: [needs, number.value])
      try checkChanged(database, number)
    }
  }

  /// Says that a run is to go on to another number of epochs.
  /// - Throws: `Failure` when there is no such run.
  package func setEpochs(of number: RunNumber, to epochs: Int) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET epochs = ? WHERE number = ?", arguments: [epochs, number.value])
      try checkChanged(database, number)
    }
  }
}
