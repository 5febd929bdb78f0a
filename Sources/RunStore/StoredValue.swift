import FileFormats
import GRDB

/// A number that may be NaN or absent: SQLite itself keeps NaN as NULL.
struct StoredNumber: DatabaseValueConvertible {
  let value: Double?

  init(_ value: Double?) { self.value = value }

  var databaseValue: DatabaseValue {
    guard let value else { return .null }
    return value.isNaN ? "nan".databaseValue : value.databaseValue
  }

  static func fromDatabaseValue(_ stored: DatabaseValue) -> StoredNumber? {
    switch stored.storage {
    case .double(let value): StoredNumber(value)
    case .int64(let value): StoredNumber(Double(value))
    case .string: StoredNumber(.nan)
    case .null: StoredNumber(nil)
    case .blob: nil
    }
  }
}

extension Row {
  /// What stands in a column; GRDB's subscript would end the program at a value of another type,
  /// and the file may have been edited by other hands.
  func stored<T: DatabaseValueConvertible>(
    _ column: String, as type: T.Type = T.self
  ) throws -> T {
    guard let value = try storedIfAny(column, as: T.self) else { throw Self.odd(column) }
    return value
  }

  /// The same where NULL means none.
  func storedIfAny<T: DatabaseValueConvertible>(
    _ column: String, as type: T.Type = T.self
  ) throws -> T? {
    guard hasColumn(column) else { throw Self.odd(column) }
    let found = self[column] as DatabaseValue
    if let value = T.fromDatabaseValue(found) { return value }
    guard found.isNull else { throw Self.odd(column) }
    return nil
  }

  private static func odd(_ column: String) -> FileFailure {
    FileFailure(
      at: "column \(column) of the record", found: "a value that Backstep did not write",
      right: "restore the file from a copy, or move it away; a new one is made")
  }
}
