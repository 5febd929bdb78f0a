import Foundation
import Training

/// What must be known besides a data set's name to make the same examples of it again.
struct DataNote: Codable, Sendable {
  var unseenShare: Double?
  var standardizes: Bool?
  var splitSeed: UInt64?
  var shuffles: Bool

  init(_ settings: RunSettings) {
    unseenShare = settings.data.preparation?.unseenShare
    standardizes = settings.data.preparation?.standardizes
    splitSeed = settings.data.preparation?.seed
    shuffles = settings.shuffles
  }

  /// Nil when the examples were not made of a named data set.
  var preparation: DataPreparation? {
    guard let unseenShare, let standardizes, let splitSeed else { return nil }
    return DataPreparation(unseenShare: unseenShare, standardizes: standardizes, seed: splitSeed)
  }

  var json: String? {
    (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }

  init?(json: String) {
    guard let note = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
      return nil
    }
    self = note
  }
}
