import Foundation
import Training

/// What must be known besides a data set's name to make the same examples of it again.
struct DataNote: Codable, Sendable {
  var unseenShare: Double?
  var standardizes: Bool?
  var splitSeed: UInt64?
  var shuffles: Bool
  /// The column of a table that is predicted, where its name does not say.
  var target: String?

  init(_ settings: RunSettings) {
    unseenShare = settings.data.preparation?.unseenShare
    standardizes = settings.data.preparation?.standardizes
    splitSeed = settings.data.preparation?.seed
    shuffles = settings.shuffles
  }

  /// Where nothing more is known.
  init(shuffles: Bool) { self.shuffles = shuffles }

  /// Nil when the examples were not made of a named data set.
  var preparation: DataPreparation? {
    guard let unseenShare, let standardizes, let splitSeed else { return nil }
    return DataPreparation(unseenShare: unseenShare, standardizes: standardizes, seed: splitSeed)
  }

  init?(json: String) {
    guard let note = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
      return nil
    }
    self = note
  }
}
