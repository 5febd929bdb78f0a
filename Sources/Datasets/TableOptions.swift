import FileFormats

/// How a table becomes examples: which column is asked for, and what becomes of gaps and words.
package struct TableOptions: Hashable, Sendable {
  /// What becomes of missing values in inputs. A row without its target can only be left out.
  package enum Missing: Hashable, Sendable {
    case refuse, dropRows, mean, median, mostFrequent
    case constant(Double)

    /// - Parameter text: `refuse`, `drop`, `mean`, `median`, `most-frequent` or a number.
    package init?(_ text: String) {
      switch text {
      case "refuse": self = .refuse
      case "drop", "drop-rows": self = .dropRows
      case "mean": self = .mean
      case "median": self = .median
      case "most-frequent", "mode": self = .mostFrequent
      default:
        guard let number = Double(text), number.isFinite else { return nil }
        self = .constant(number)
      }
    }

    package static let choices = "drop, mean, median, most-frequent or a number"

    package var text: String {
      switch self {
      case .refuse: "refuse"
      case .dropRows: "drop"
      case .mean: "mean"
      case .median: "median"
      case .mostFrequent: "most-frequent"
      case .constant(let number): "\(number)"
      }
    }
  }

  /// How words become numbers.
  package enum Encoding: String, Hashable, Sendable, CaseIterable {
    /// One column of 0 and 1 for each word where there are at most 20; else the column is refused.
    case automatic = "auto"
    case oneHot = "one-hot"
    /// 0, 1, 2, … in alphabetical order.
    case ordinal
  }

  /// Whether targets are classes or numbers.
  ///
  /// Without a choice words are classes, and so are the numbers 0, 1, … k-1 when all of them appear;
  /// other numbers are to be predicted as numbers.
  package enum Wanted: String, Hashable, Sendable, CaseIterable {
    case classification, regression
  }

  /// The target column by name, or by its number from 1; the last one when nil.
  package var target: String?
  package var missing = Missing.refuse
  package var encoding = Encoding.automatic
  /// The columns that are left out, by name or number.
  package var ignored: [String] = []
  package var task: Wanted?
  package var delimiter: UInt8?
  package var header: Bool?
  /// The steps of an example that is a piece of something longer: characters of a text, rows of a
  /// series, samples of a sound, letters of a sequence.
  package var window: Int?

  package init(target: String? = nil) { self.target = target }

  package var dialect: CSVDialect { CSVDialect(delimiter: delimiter, header: header) }
}
